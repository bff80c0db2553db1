"""Decorators that say what a function is for."""


def public(function):
    return function


def audited(function):
    return function
