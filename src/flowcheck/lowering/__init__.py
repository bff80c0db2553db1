"""Lowering: one Python file to core Python. The only layer that knows the parser.

lower(b"contact = user.phone")     FileFacts(codes=(Code(index=0, body=(Assign(...),), ...),), ...)
"""

from flowcheck.lowering.lower import lower

__all__ = ["lower"]
