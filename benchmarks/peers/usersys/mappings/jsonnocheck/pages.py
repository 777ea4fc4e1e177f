"""A page of orders to the rows of one file, the header once."""

from usersys.mappings.jsonnocheck.orders import COLUMNS, order_rows, row


def main(inn, out):
    """Bots calls this once per page."""
    row(out, COLUMNS)
    for order in inn.getloop({"BOTSID": "ROOT"}, {"BOTSID": "orders"}):
        order_rows(order, out)
