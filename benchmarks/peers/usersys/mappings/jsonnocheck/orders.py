"""One order to rows: the same 36 columns, conversions and checks as orders-csv.yaml."""

from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

COLUMNS = (
    "ORDER CUSTOMER_ORDER ORDERED STATUS SHIP_BY PROMISED VENDOR WAREHOUSE SHIP_METHOD CARRIER PRIORITY SCHEDULED "
    "PACKING_SLIP GIFT CUSTOM NAME ATTENTION ADDRESS1 ADDRESS2 CITY STATE POSTCODE COUNTRY PHONE MESSAGE LINE SKU ASIN "
    "TITLE QTY UNIT PRICE CURRENCY TOTAL GIFT_MESSAGE GIFT_WRAP"
).split()
ZONES = {code: ZoneInfo(name) for code, name in (
    ("EWR1", "America/New_York"), ("ORD2", "America/Chicago"), ("RNO4", "America/Los_Angeles"),
)}  # fmt: skip
METHODS = {"UPS_2ND": "UP2", "UPS_GR_RES": "UPG", "USPS_DS_EXT": "USX", "USPS_ATS_PARCEL": "UAP"}
CARRIERS = {
    "UPS_2ND": "UPS second day", "UPS_GR_RES": "UPS ground residential", "USPS_DS_EXT": "USPS extended",
    "USPS_ATS_PARCEL": "USPS parcel by Amazon",
}  # fmt: skip
YES_NO = {"True": "Y", "False": "N", None: "N"}
HIDDEN = "AMAZON LABEL ONLY"
NAMES = [f"C{number:02d}" for number in range(36)]


@lru_cache(maxsize=4096)
def local(text, warehouse, pattern):
    return datetime.fromisoformat(text).astimezone(ZONES[warehouse]).strftime(pattern)


@lru_cache(maxsize=4096)
def cents(text):
    amount = Decimal(text)
    placed = amount.quantize(Decimal("0.01"))
    if placed != amount:
        raise ValueError(text)
    return f"{placed:f}"


def person(text, hidden):
    return hidden if text is None or not text.lower().strip("x") else text


def main(inn, out):
    """Bots calls this once per order."""
    row(out, COLUMNS)
    out.ta_info["botskey"] = order_rows(inn, out)


def order_rows(inn, out):
    """Put the rows of an order; give its number."""
    order, details = {"BOTSID": "orders"}, {"BOTSID": "orderDetails"}

    def root(name):
        return inn.get({"BOTSID": "orders", name: None})

    def of(record, name):
        return inn.get(order, details, {"BOTSID": record, name: None})

    def detail(name):
        return inn.get(order, {"BOTSID": "orderDetails", name: None})

    def day(name):
        return inn.get(order, details, {"BOTSID": "shipmentDetails"}, {"BOTSID": "shipmentDates", name: None})

    warehouse, method = of("shipFromParty", "partyId"), of("shipmentDetails", "shipMethod")
    number = root("purchaseOrderNumber")
    head = [
        number,
        detail("customerOrderNumber"),
        local(detail("orderDate"), warehouse, "%Y-%m-%d %H:%M"),
        detail("orderStatus"),
        local(day("requiredShipDate"), warehouse, "%Y-%m-%d %H:%M"),
        local(day("promisedDeliveryDate"), warehouse, "%m/%d/%Y"),
        of("sellingParty", "partyId"),
        warehouse,
        METHODS[method],
        CARRIERS[method],
        YES_NO[of("shipmentDetails", "isPriorityShipment")],
        YES_NO[of("shipmentDetails", "isScheduledDeliveryShipment")],
        YES_NO[of("shipmentDetails", "isPslipRequired")],
        YES_NO[of("shipmentDetails", "isGift")],
        YES_NO[detail("hasCustomizableItems")],
        person(of("shipToParty", "name"), HIDDEN),
        person(of("shipToParty", "attention"), None),
        person(of("shipToParty", "addressLine1"), HIDDEN),
        person(of("shipToParty", "addressLine2"), None),
        person(of("shipToParty", "city"), HIDDEN),
        of("shipToParty", "stateOrRegion"),
        of("shipToParty", "postalCode"),
        of("shipToParty", "countryCode"),
        person(of("shipToParty", "phone"), None),
        of("shipmentDetails", "messageToCustomer")[:80],
    ]
    for item in inn.getloop(order, details, {"BOTSID": "items"}):

        def line(record, name, item=item):
            return item.get({"BOTSID": "items"}, {"BOTSID": record, name: None})

        def plain(name, item=item):
            return item.get({"BOTSID": "items", name: None})

        asin, total, gift = plain("buyerProductIdentifier"), line("totalPrice", "amount"), line("giftDetails", "giftMessage")
        row(
            out,
            [
                *head,
                plain("itemSequenceNumber"),
                plain("vendorProductIdentifier") or asin,
                asin,
                plain("title")[:80],
                line("orderedQuantity", "amount"),
                line("orderedQuantity", "unitOfMeasure"),
                cents(line("netPrice", "amount")),
                line("netPrice", "currencyCode"),
                cents(total) if total else None,
                gift and gift[:100],
                line("giftDetails", "giftWrapId"),
            ],
        )
    return number


def row(out, cells):
    """Put one row: all cells in one call, which Bots does fastest."""
    out.putloop({"BOTSID": "ROW", **{name: cell for name, cell in zip(NAMES, cells) if cell}})
