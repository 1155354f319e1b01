"""The API description is a valid OpenAPI 3.1 document, in the words of others."""

import json
import subprocess

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator
from support.project import BUILD

# Paths as the endpoints' users know them.
PATHS = {
    "/api/storefront/cart/items": {"post"},
    "/api/storefront/cart/items/{lineItemId}": {"patch", "delete"},
    "/api/storefront/cart": {"get"},
    "/api/storefront/cart/coupons": {"post"},
    "/api/storefront/cart/coupons/{code}": {"delete"},
    "/api/storefront/cart/merge": {"post"},
    "/api/storefront/addresses": {"get", "post"},
    "/api/storefront/countries": {"get"},
    "/api/storefront/countries/{country}": {"get"},
    "/api/storefront/currencies": {"get"},
    "/api/storefront/addresses/{addressId}": {"put", "delete"},
    "/api/storefront/checkout/addresses": {"post"},
    "/api/storefront/checkout/shipping-methods": {"get"},
    "/api/storefront/checkout/shipping-method": {"post"},
    "/api/storefront/checkout/payment-methods": {"get"},
    "/api/storefront/checkout/place-order": {"post"},
    "/api/storefront/checkout/reopen": {"post"},
    "/api/storefront/orders": {"get"},
    "/api/storefront/orders/{number}": {"get"},
    "/api/storefront/orders/{number}/explain": {"get"},
    "/api/storefront/orders/{number}/cancel": {"post"},
    "/api/storefront/orders/{number}/pay": {"post"},
    "/api/storefront/products": {"get"},
    "/api/storefront/products/{slug}": {"get"},
    "/api/webhooks/{target}": {"post"},  # stripe, or a payment method's id
    "/api/test/payments": {"post"},
    "/api/admin/products": {"get", "post"},
    "/api/admin/products/{productId}": {"put"},
    "/api/admin/variants": {"post"},
    "/api/admin/variants/{sku}": {"put", "delete"},
    "/api/admin/variants/{sku}/price-changes": {"get"},
    "/api/admin/stock": {"get"},
    "/api/admin/stock/{sku}": {"get", "put"},
    "/api/admin/stock/{sku}/movements": {"get"},
    "/api/admin/locations": {"get", "post"},
    "/api/admin/locations/{locationId}": {"put"},
    "/api/admin/shipping-methods": {"get", "post"},
    "/api/admin/shipping-methods/{shippingMethodId}": {"put"},
    "/api/admin/promotions": {"get", "post"},
    "/api/admin/promotions/{promotionId}": {"get", "patch"},
    "/api/admin/promotions/{promotionId}/codes": {"get", "post"},
    "/api/admin/customers": {"get"},
    "/api/admin/customers/{userId}": {"get", "put"},
    "/api/admin/settings/checkout": {"get", "put"},
    "/api/admin/settings/taxes": {"get", "put"},
    "/api/admin/tax-rates": {"get", "post"},
    "/api/admin/tax-rates/{taxRateId}": {"patch", "delete"},
    "/api/admin/settings/prices": {"get", "put"},
    "/api/admin/price-lists": {"get", "post"},
    "/api/admin/price-lists/{priceListId}": {"get", "patch", "delete"},
    "/api/admin/price-lists/{priceListId}/prices": {"get", "put"},
    "/api/admin/settings/payment-methods": {"get", "post"},
    "/api/admin/settings/payment-methods/{paymentMethodId}": {"put"},
    "/api/admin/settings/payment-methods/{paymentMethodId}/config": {"put"},
    "/api/admin/orders": {"get"},
    "/api/admin/orders/claim": {"post"},
    "/api/admin/orders/{number}": {"get"},
    "/api/admin/orders/{number}/explain": {"get"},
    "/api/admin/orders/{number}/timeline": {"get"},
    "/api/admin/orders/{number}/capture": {"post"},
    "/api/admin/orders/{number}/refund": {"post"},
    "/api/admin/orders/{number}/cancel": {"post"},
    "/api/admin/orders/{number}/mark-paid": {"post"},
    "/api/admin/orders/{number}/mark-refunded": {"post"},
    "/api/admin/orders/{number}/request-payment": {"post"},
    "/api/admin/orders/{number}/accept-payment": {"post"},
    "/api/admin/orders/{number}/ship": {"post"},
    "/api/admin/events": {"get"},
    "/api/admin/events/{eventId}/retry": {"post"},
    "/api/openapi.json": {"get"},
}


@pytest.fixture(scope="module")
def document():
    program = BUILD / "tests" / "resys_print_openapi"
    return json.loads(subprocess.run([program], check=True, capture_output=True).stdout)


def test_the_document_is_valid(document):
    assert [error.message for error in OpenAPIV31SpecValidator(document).iter_errors()] == []


def test_the_paths_are_those_that_are_promised(document):
    assert {path: set(methods) for path, methods in document["paths"].items()} == PATHS


def test_null_stands_where_it_is_taken(document):
    def takes_null(schema, name):
        type_ = document["components"]["schemas"][schema]["properties"][name].get("type", "")
        return "null" in type_

    assert takes_null("UpdatePromotion", "endsAt")  # it clears
    assert not takes_null("UpdatePromotion", "name")
    assert takes_null("PromotionAction", "basisPoints")  # as responses show it
    assert not takes_null("PromotionAction", "kind")
    assert not takes_null("CreatePromotion", "usageLimit")
