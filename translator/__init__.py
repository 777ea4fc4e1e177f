"""Files on one side, Amazon Vendor Direct Fulfillment on the other: see docs/."""

__version__ = "0.1.0"
