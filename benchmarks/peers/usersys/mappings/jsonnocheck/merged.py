"""One order to rows; Bots merges the orders of one page, which here stands for their receiver."""

from usersys.mappings.jsonnocheck.orders import COLUMNS, order_rows, row


def main(inn, out):
    """Bots calls this once per order."""
    if inn.ta_info["message_number"] == 1:
        row(out, COLUMNS)
    order_rows(inn, out)
    out.ta_info["topartner"] = f"page {inn.ta_info['idta_fromfile']}"
