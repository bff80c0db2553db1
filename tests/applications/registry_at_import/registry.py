"""A registry that is filled when the program starts, by what a settings file names."""

import importlib

MODELS = {}


def fill(settings):
    for name in settings.INSTALLED:
        importlib.import_module(name).register(MODELS)


def model(name):
    if name not in MODELS:
        raise LookupError(name)
    return MODELS[name]
