"""Presidio: its predefined pattern recognisers of English, one after the other, without its language model."""

import tldextract
from clock import order, report
from presidio_analyzer import PatternRecognizer, RecognizerRegistry

tldextract.extract = tldextract.TLDExtract(suffix_list_urls=())  # what it bundles; nothing is fetched

registry = RecognizerRegistry()
registry.load_predefined_recognizers(languages=["en"])
recognizers = [each for each in registry.recognizers if isinstance(each, PatternRecognizer)]
report(order()["texts"], lambda text: [each.analyze(text, each.supported_entities, None) for each in recognizers])
