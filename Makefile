# make run · make test · make check · make bench · make lock. What is missing is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: run test check bench lock clean

run: .venv/run
	$(BIN)/amends serve

test: .venv/test check
	deploy/test-machine.sh
	$(BIN)/pytest -q -n 2 --dist loadfile --cov --cov-report=term

check: .venv/test
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/test
	$(BIN)/python -m benchmarks

# Exact versions with hashes, a week old at least, and no download addresses.
lock: .venv/test
	$(BIN)/pip install -q uv
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --exclude-newer "$$(date -u -d '7 days ago' +%F)" --extra build pyproject.toml -o requirements.lock
	$(BIN)/uv pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --python-version 3.11 --exclude-newer "$$(date -u -d '7 days ago' +%F)" --extra build --extra test pyproject.toml -o requirements-test.lock

.venv/run: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Amends needs Python 3.11 or newer; say make PYTHON=/path/to/it")'
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv || { rm -rf .venv; deploy/python-venv.sh && $(PYTHON) -m venv .venv; }
	$(BIN)/pip install -q --no-deps --require-hashes -r requirements.lock
	$(BIN)/pip install -q --no-deps --no-build-isolation --editable .
	touch $@

.venv/test: requirements-test.lock .venv/run
	$(BIN)/pip install -q --no-deps --require-hashes -r requirements-test.lock
	touch $@

clean:
	rm -rf .venv
