"""``GET /v1/brands``: the brands that replies can be drafted for."""

from __future__ import annotations

from fastapi import APIRouter, Request

from service import errors
from service.web import problems
from service.web.answers import BrandOut, BrandsOut
from service.web.auth import CallerDep

router = APIRouter(prefix="/v1/brands", tags=["brands"])


@router.get("", responses=problems.responses(errors.Unauthorized, errors.AmendsError))
async def list_brands(request: Request, _caller: CallerDep) -> BrandsOut:
    """The known brands, by their ids."""
    brands = request.app.state.brands
    return BrandsOut(brands=[BrandOut(id=brand.id, name=brand.name) for _, brand in sorted(brands.items())])
