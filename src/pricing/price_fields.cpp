// The fields of price lists and of the settings for prices.
#include "pricing/price_fields.hpp"

#include "base/make_schema.hpp"

namespace resys::fields {
namespace {

constexpr const char* kId = "Id of the price list";
constexpr const char* kAfterDoc = "The `nextAfter` of the previous page; absent for the first page";
constexpr const char* kLimitDoc = "Maximum number of items in the page, 1 to 200";
constexpr const char* kPriorityDoc =
    "Of the lists that have a price, the one with the lowest number counts, then the lowest price";

}  // namespace

template <>
const Schema& schema_of<PriceSettings>() {
  static const Schema schema = make_schema<PriceSettings>(
      "PriceSettings",
      field("currencies", &PriceSettings::currencies,
            "Currencies of new carts; empty: any in which the goods have a price"),
      field("goodsTotal", &PriceSettings::goods_total,
            "What free shipping and shipping by total count: the goods after discounts or before"),
      field("goodsTax", &PriceSettings::goods_tax,
            "Whether they count the goods with tax, without, or as the prices are"));
  return schema;
}

template <>
const Schema& schema_of<GetPriceSettings>() {
  static const Schema schema = make_schema<GetPriceSettings>("GetPriceSettings");
  return schema;
}

template <>
const Schema& schema_of<UpdatePriceSettings>() {
  static const Schema schema = make_schema<UpdatePriceSettings>(
      "UpdatePriceSettings",
      field("currencies", &UpdatePriceSettings::currencies,
            "Currencies of new carts, at most 50; empty: any in which the goods have a price; "
            "unchanged if absent",
            kCurrencies),
      field("goodsTotal", &UpdatePriceSettings::goods_total,
            "What free shipping and shipping by total count: the goods after discounts or before; "
            "unchanged if absent"),
      field("goodsTax", &UpdatePriceSettings::goods_tax,
            "Whether they count the goods with tax, without, or as the prices are; unchanged if "
            "absent"));
  return schema;
}

template <>
const Schema& schema_of<PriceList>() {
  static const Schema schema = make_schema<PriceList>(
      "PriceList", field("id", &PriceList::id, "The price list's id"),
      field("name", &PriceList::name, "Name for staff"),
      field("currency", &PriceList::currency,
            "ISO 4217 code of its prices and of the carts that it applies to"),
      field("priority", &PriceList::priority, kPriorityDoc),
      field("customerGroups", &PriceList::customer_groups,
            "Customer groups that it applies to; empty: all customers"),
      field("countries", &PriceList::countries,
            "Country codes to which the order is sent, ISO 3166-1 alpha-2; empty: all"),
      field("validFrom", &PriceList::valid_from, "When it begins to apply, in UTC; null: always"),
      field("validUntil", &PriceList::valid_until,
            "When it no longer applies, in UTC; null: never"),
      field("active", &PriceList::active, "Whether it applies at all"));
  return schema;
}

template <>
const Schema& schema_of<ListedPrice>() {
  static const Schema schema = make_schema<ListedPrice>(
      "ListedPrice", field("sku", &ListedPrice::sku, "SKU of the variant"),
      field("variantId", &ListedPrice::variant_id, "Id of the variant"),
      field("minQuantity", &ListedPrice::min_quantity,
            "Quantity of a line from which on the price counts"),
      field("priceCents", &ListedPrice::price_cents,
            "Price of one unit, in minor units of `currency`"),
      field("currency", &ListedPrice::currency, "ISO 4217 code of the price: the list's"));
  return schema;
}

template <>
const Schema& schema_of<ListPriceLists>() {
  static const Schema schema = make_schema<ListPriceLists>(
      "ListPriceLists", field("limit", &ListPriceLists::limit, kLimitDoc, kPageSize),
      field("after", &ListPriceLists::after, kAfterDoc, kCursor));
  return schema;
}

template <>
const Schema& schema_of<GetPriceList>() {
  static const Schema schema = make_schema<GetPriceList>(
      "GetPriceList", required("priceListId", &GetPriceList::price_list_id, kId));
  return schema;
}

template <>
const Schema& schema_of<CreatePriceList>() {
  static const Schema schema = make_schema<CreatePriceList>(
      "CreatePriceList", required("name", &CreatePriceList::name, "Name for staff", kName),
      required("currency", &CreatePriceList::currency,
               "ISO 4217 code of its prices and of the carts that it applies to"),
      field("priority", &CreatePriceList::priority, kPriorityDoc, kPriority),
      field("customerGroups", &CreatePriceList::customer_groups,
            "Customer groups that it applies to, at most 20; empty: all customers", kGroups),
      field("countries", &CreatePriceList::countries,
            "Country codes to which the order is sent, ISO 3166-1 alpha-2; empty: all", kCountries),
      field("validFrom", &CreatePriceList::valid_from, "When it begins to apply; always if absent"),
      field("validUntil", &CreatePriceList::valid_until,
            "When it no longer applies; never if absent"),
      field("active", &CreatePriceList::active, "Whether it applies at all"));
  return schema;
}

template <>
const Schema& schema_of<UpdatePriceList>() {
  static const Schema schema = make_schema<UpdatePriceList>(
      "UpdatePriceList", required("priceListId", &UpdatePriceList::price_list_id, kId),
      field("name", &UpdatePriceList::name, "New name for staff; unchanged if absent", kName),
      field("priority", &UpdatePriceList::priority,
            "Of the lists that have a price, the one with the lowest number counts, then the "
            "lowest price; unchanged if absent",
            kPriority),
      field("customerGroups", &UpdatePriceList::customer_groups,
            "Customer groups that it applies to, at most 20; empty: all customers; unchanged if "
            "absent",
            kGroups),
      field("countries", &UpdatePriceList::countries,
            "Country codes to which the order is sent, ISO 3166-1 alpha-2; empty: all; unchanged "
            "if absent",
            kCountries),
      field("validFrom", &UpdatePriceList::valid_from,
            "When it begins to apply; null: always; unchanged if absent"),
      field("validUntil", &UpdatePriceList::valid_until,
            "When it no longer applies; null: never; unchanged if absent"),
      field("active", &UpdatePriceList::active, "Whether it applies at all; unchanged if absent"));
  return schema;
}

template <>
const Schema& schema_of<RemovePriceList>() {
  static const Schema schema = make_schema<RemovePriceList>(
      "RemovePriceList", required("priceListId", &RemovePriceList::price_list_id, kId));
  return schema;
}

template <>
const Schema& schema_of<ListListedPrices>() {
  static const Schema schema = make_schema<ListListedPrices>(
      "ListListedPrices", required("priceListId", &ListListedPrices::price_list_id, kId),
      field("limit", &ListListedPrices::limit, kLimitDoc, kPageSize),
      field("after", &ListListedPrices::after, kAfterDoc, kCursor));
  return schema;
}

template <>
const Schema& schema_of<NewListedPrice>() {
  static const Schema schema = make_schema<NewListedPrice>(
      "NewListedPrice",
      required("sku", &NewListedPrice::sku,
               "SKU of the variant: the active one of that SKU, else the newest", kSku),
      field("minQuantity", &NewListedPrice::min_quantity,
            "Quantity of a line from which on the price counts, 1 to 10,000", kUnits),
      field("priceCents", &NewListedPrice::price_cents,
            "Price of one unit, in minor units of the list's currency; absent: the SKU is only "
            "taken out of the list",
            kCents),
      field("currency", &NewListedPrice::currency,
            "Currency of `priceCents`; if given, it must be the list's"));
  return schema;
}

template <>
const Schema& schema_of<SetListedPrices>() {
  static const Schema schema = make_schema<SetListedPrices>(
      "SetListedPrices", required("priceListId", &SetListedPrices::price_list_id, kId),
      required("prices", &SetListedPrices::prices,
               "All prices, 1 to 200, that the list has for the SKUs that are named from now on; "
               "other SKUs keep theirs",
               kListedPrices));
  return schema;
}

template <>
const Schema& schema_of<Page<PriceList>>() {
  static const Schema schema = make_page_schema<PriceList>();
  return schema;
}

template <>
const Schema& schema_of<Page<ListedPrice>>() {
  static const Schema schema = make_page_schema<ListedPrice>();
  return schema;
}

}  // namespace resys::fields
