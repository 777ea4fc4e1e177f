"""Bodies of Amazon's shipping API, as a test wants them."""

import base64

SHIPPING = "/vendor/directFulfillment/shipping/2021-12-28"
ZPL = base64.b64encode(b"^XA^FO20,20^FDhello^FS^XZ").decode()


def label(number="A1", *contents, **more):
    packages = [
        {"packageIdentifier": f"00{n}", "trackingNumber": f"1Z{n}", "shipMethod": "UPS_2ND", "content": content}
        for n, content in enumerate(contents or (ZPL,), 1)
    ]
    parties = {"sellingParty": {"partyId": "ACMEG"}, "shipFromParty": {"partyId": "EWR1"}}
    return {"purchaseOrderNumber": number, **parties, "labelFormat": "ZPL", "labelData": packages, **more}


def slip(number="A1", **more):
    return {"purchaseOrderNumber": number, "content": "JVBERi0x", "contentType": "application/pdf", **more}
