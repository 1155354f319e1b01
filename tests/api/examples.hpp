// A right call of every operation, and what it needs before.
#pragma once

#include <functional>
#include <map>
#include <string>

#include "api/world.hpp"

namespace resys::test {

// A request that is right in the world it was prepared in.
struct Example {
  std::map<std::string, std::string> path;  // its parameters
  Json fields = Json::object();             // the query's, or the body's
  Headers headers;
};

struct Row {
  Caller caller;
  std::function<Example(World&)> prepare;
  // Its fields name things of the caller's own, which are not_found for another shopper.
  bool owned = false;
};

using Rows = std::map<std::string, Row>;

inline std::string line_of(const Cart& cart) { return cart.line_items.at(0).id.text(); }

inline std::string address_of(World& world) {
  return world.shop().addresses().create(shopper(), World::address()).value().id.text();
}

inline Example number(const std::string& order) { return {{{"number", order}}}; }

inline Json address_fields() {
  return {{"firstName", "Ada"},
          {"lastName", "Lovelace"},
          {"company", "Engines"},
          {"line1", "1 Main Street"},
          {"line2", "Attic"},
          {"city", "London"},
          {"region", "Greater London"},
          {"postalCode", "N1 9GU"},
          {"country", "GB"},
          {"phone", "+44 1"}};
}

inline Json variant_fields(const char* sku) {
  return {{"sku", sku},
          {"name", "Big"},
          {"options", {{"size", "L"}}},
          {"priceCents", 1'500},
          {"currency", "EUR"},
          {"compareAtCents", 2'000},
          {"prices", {{{"currency", "USD"}, {"priceCents", 1'700}, {"compareAtCents", 1'800}}}},
          {"minQuantity", 2},
          {"maxQuantity", 10},
          {"quantityStep", 2},
          {"weightGrams", 100},
          {"imageUrl", "/big.jpg"}};
}

inline Json page() { return {{"limit", 1}}; }

// The same request in any world.
inline std::function<Example(World&)> always(const Example& example) {
  return [=](World&) { return example; };
}

inline std::string tea_of(const World& world) { return world.product.variants.at(0).id.text(); }

inline void add_storefront(Rows& rows) {
  const auto nothing = [](World&) { return Example{}; };
  const auto cart = [](World& world) { return world.fill_cart(shopper()), Example{}; };
  rows["products.list"] = {{}, always({{}, {{"limit", 1}, {"currency", "EUR"}}})};
  rows["products.get"] = {{}, always({{{"slug", "tea"}}, {{"currency", "EUR"}}})};
  rows["currencies.list"] = {{}, nothing};
  rows["cart.get"] = {guest(), nothing};
  rows["cart.addItem"] = {guest(),
                          always({{}, {{"sku", "TEA"}, {"quantity", 3}, {"currency", "EUR"}}})};
  rows["cart.changeItem"] = {
      shopper(),
      [](World& world) {
        return Example{{{"lineItemId", line_of(world.fill_cart(shopper()))}}, {{"quantity", 7}}};
      },
      true};
  rows["cart.removeItem"] = {
      shopper(),
      [](World& world) {
        return Example{{{"lineItemId", line_of(world.fill_cart(shopper()))}}};
      },
      true};
  rows["cart.applyCoupon"] = {shopper(), [](World& world) {
                                world.fill_cart(shopper());
                                return Example{{}, {{"code", "ten"}}};
                              }};
  rows["cart.removeCoupon"] = {shopper(), [](World& world) {
                                 world.fill_cart(shopper());
                                 world.shop().cart().apply_coupon(shopper(), {"TEN"}).value();
                                 return Example{{{"code", "ten"}}};
                               }};
  rows["cart.merge"] = {{.user_id = "ada", .session_id = "s1"}, [](World& world) {
                          world.fill_cart(guest("s1"));
                          return Example{};
                        }};
  rows["addresses.list"] = {shopper(), [](World&) { return Example{{}, page()}; }};
  rows["addresses.create"] = {shopper(), [](World&) { return Example{{}, address_fields()}; }};
  rows["addresses.update"] = {
      shopper(),
      [](World& world) {
        return Example{{{"addressId", address_of(world)}}, address_fields()};
      },
      true};
  rows["addresses.remove"] = {shopper(),
                              [](World& world) {
                                return Example{{{"addressId", address_of(world)}}};
                              },
                              true};
  rows["addresses.listCountries"] = {{}, nothing};
  rows["addresses.getRules"] = {{}, [](World&) { return Example{{{"country", "ie"}}}; }};
  rows["checkout.setAddresses"] = {
      shopper(),
      [](World& world) {
        world.fill_cart(shopper());
        world.fill_cart(shopper("eve"));
        const std::string id = address_of(world);
        return Example{{},
                       {{"shippingAddressId", id}, {"billingAddressId", id}, {"email", "a@b.c"}}};
      },
      true};
  rows["checkout.listShippingMethods"] = {shopper(), [](World& world) {
                                            world.set_addresses(shopper());
                                            return Example{};
                                          }};
  rows["checkout.selectShippingMethod"] = {
      shopper(), [](World& world) {
        world.set_addresses(shopper());
        return Example{{}, {{"shippingMethodId", world.shipping.id.text()}}};
      }};
  rows["checkout.listPaymentMethods"] = {shopper(), cart};
  rows["checkout.placeOrder"] = {shopper(), [](World& world) {
                                   const Order order = world.select_shipping(shopper());
                                   return Example{{},
                                                  {{"paymentMethodId", world.card.id.text()},
                                                   {"returnUrl", "https://shop.example/back"},
                                                   {"acceptTotalCents", order.total_cents}}};
                                 }};
  rows["checkout.reopen"] = {shopper(), [](World& world) {
                               world.place(shopper(), world.card);
                               return Example{};
                             }};
  rows["checkout.payOrder"] = {shopper(),
                               [](World& world) {
                                 Example example =
                                     number(world.place(shopper(), world.manual).order.number);
                                 example.fields = {{"paymentMethodId", world.card.id.text()},
                                                   {"returnUrl", "https://shop.example/back"}};
                                 return example;
                               },
                               true};
  rows["testPayments.pay"] = {
      shopper(), [](World& world) {
        const Placement placed = world.place(shopper(), world.card);
        return Example{
            {}, {{"clientSecret", placed.payment->client_secret}, {"card", "4242424242424242"}}};
      }};
  rows["orders.list"] = {shopper(), [](World& world) {
                           world.buy(shopper());
                           return Example{{}, page()};
                         }};
  rows["orders.get"] = {shopper(), [](World& world) { return number(world.buy(shopper()).number); },
                        true};
  rows["orders.explain"] = {shopper(),
                            [](World& world) { return number(world.buy(shopper()).number); }, true};
  rows["orders.cancel"] = {
      shopper(),
      [](World& world) { return number(world.place(shopper(), world.card).order.number); }, true};
}

inline void add_webhooks(Rows& rows) {
  Caller anybody;
  anybody.audience = Audience::processor;
  const Json payload = {{"any", "thing"}};
  rows["webhooks.receive"] = {
      anybody, [=](World& world) {
        return Example{{{"target", world.stripe.id.text()}}, payload, {{"Signature", "good"}}};
      }};
}

inline void add_catalog(Rows& rows) {
  rows["admin.products.list"] = {staff(), [](World&) { return Example{{}, page()}; }};
  rows["admin.products.create"] = {staff(), always({{},
                                                    {{"slug", "pot"},
                                                     {"name", "Pot"},
                                                     {"description", "Round.\nRed."},
                                                     {"categories", {"kitchen"}},
                                                     {"variants", {variant_fields("POT")}},
                                                     {"active", false}}})};
  rows["admin.products.update"] = {staff(), [](World& world) {
                                     return Example{{{"productId", world.product.id.text()}},
                                                    {{"slug", "teas"},
                                                     {"name", "Teas"},
                                                     {"description", ""},
                                                     {"categories", Json::array()},
                                                     {"active", true}}};
                                   }};
  rows["admin.variants.create"] = {staff(), [](World& world) {
                                     Json fields = variant_fields("TEA-BIG");
                                     fields["productId"] = world.product.id.text();
                                     return Example{{}, fields};
                                   }};
  rows["admin.variants.update"] = {staff(), [](World& world) {
                                     Json fields = variant_fields("");
                                     fields.erase("sku");
                                     fields.erase("currency");
                                     fields["variantId"] = tea_of(world);
                                     fields["newSku"] = "TEA-2";
                                     fields["active"] = false;
                                     return Example{{{"sku", "TEA"}}, fields};
                                   }};
  rows["admin.variants.listPriceChanges"] = {staff(), [](World& world) {
                                               Json fields = page();
                                               fields["variantId"] = tea_of(world);
                                               fields["currency"] = "EUR";
                                               return Example{{{"sku", "TEA"}}, fields};
                                             }};
  rows["admin.variants.remove"] = {
      staff(), [](World& world) {
        return Example{{{"sku", "TEA"}}, {{"variantId", tea_of(world)}}};
      }};
  rows["admin.stock.list"] = {staff(), [](World&) { return Example{{}, page()}; }};
  rows["admin.stock.get"] = {staff(), [](World& world) {
                               return Example{{{"sku", "TEA"}}, {{"variantId", tea_of(world)}}};
                             }};
  rows["admin.stock.set"] = {staff(), [](World& world) {
                               return Example{{{"sku", "TEA"}},
                                              {{"variantId", tea_of(world)},
                                               {"locationId", world.location.id.text()},
                                               {"onHand", 7},
                                               {"backorderable", true},
                                               {"reason", "count"},
                                               {"expectedOnHand", 1'000},
                                               {"releaseHolds", true}}};
                             }};
  rows["admin.stock.listMovements"] = {staff(), [](World& world) {
                                         Json fields = page();
                                         fields["variantId"] = tea_of(world);
                                         return Example{{{"sku", "TEA"}}, fields};
                                       }};
  rows["admin.locations.list"] = {staff(), [](World&) { return Example{}; }};
  rows["admin.locations.create"] = {staff(), always({{}, {{"name", "Cellar"}, {"position", 2}}})};
  rows["admin.locations.update"] = {staff(), [](World& world) {
                                      return Example{
                                          {{"locationId", world.location.id.text()}},
                                          {{"name", "Attic"}, {"active", true}, {"position", 3}}};
                                    }};
}

inline void add_customers(Rows& rows) {
  rows["admin.customers.list"] = {staff(), always({{}, page()})};
  rows["admin.customers.get"] = {staff(), always({{{"userId", "ada"}}})};
  rows["admin.customers.update"] = {
      staff(), always({{{"userId", "a/d a"}},
                       {{"groups", {"vip"}}, {"taxExempt", true}, {"taxId", "de 136 695 976"}}})};
}

inline void add_settings(Rows& rows) {
  rows["admin.shippingMethods.list"] = {staff(), [](World&) { return Example{}; }};
  rows["admin.shippingMethods.create"] = {
      staff(),
      always({{},
              {{"name", "Courier"},
               {"kind", "byWeight"},
               {"priceCents", 900},
               {"tiers", {{{"minWeightGrams", 1'000}, {"priceCents", 1'200}, {"currency", "EUR"}}}},
               {"freeOverCents", 5'000},
               {"currency", "EUR"},
               {"countries", {"US"}},
               {"regions", {"CA"}},
               {"postalPrefixes", {"90"}},
               {"active", true},
               {"position", 2}}})};
  rows["admin.shippingMethods.update"] = {staff(), [](World& world) {
                                            return Example{
                                                {{"shippingMethodId", world.shipping.id.text()}},
                                                {{"name", "Courier"},
                                                 {"kind", "perItem"},
                                                 {"priceCents", 100},
                                                 {"tiers", Json::array()},
                                                 {"countries", {"DE"}},
                                                 {"regions", Json::array()},
                                                 {"postalPrefixes", {"10"}},
                                                 {"active", false},
                                                 {"position", 2}}};
                                          }};
  rows["admin.promotions.list"] = {staff(), [](World&) { return Example{{}, page()}; }};
  const auto promotion_id = [](World& world) -> Json {
    return {{"promotionId", world.promotion.id.text()}};
  };
  rows["admin.promotions.get"] = {staff(),
                                  [=](World& world) { return Example{promotion_id(world)}; }};
  const Json promotion = {
      {"name", "Spring"},
      {"priority", 1},
      {"stacking", "bestDeal"},
      {"group", "spring"},
      {"currency", "EUR"},
      {"conditions",
       {{{"kind", "minimumAmount"}, {"amountCents", 100}},
        {{"kind", "minimumQuantity"}, {"quantity", 2}},
        {{"kind", "products"}, {"skus", {"TEA"}}, {"categories", {"hot"}}},
        {{"kind", "customerGroups"}, {"groups", {"friends"}}},
        {{"kind", "countries"}, {"countries", {"DE"}}},
        {{"kind", "localTime"}, {"weekdays", {1, 7}}, {"fromMinute", 60}, {"untilMinute", 90}},
        {{"kind", "firstOrder"}}}},
      {"actions",
       {{{"kind", "fixedOffOrder"}, {"amountCents", 500}},
        {{"kind", "buyXGetY"}, {"buy", 2}, {"get", 1}, {"basisPoints", 5'000}, {"maxTimes", 3}},
        {{"kind", "percentOffEveryNth"}, {"nth", 3}, {"basisPoints", 100}},
        {{"kind", "tiered"}, {"tiers", {{{"fromQuantity", 2}, {"basisPoints", 100}}}}},
        {{"kind", "tiered"}, {"tiers", {{{"fromCents", 2}, {"amountCents", 100}}}}}}},
      {"startsAt", "2026-01-01T00:00:00Z"},
      {"endsAt", "2030-01-01T00:00:00+01:00"},
      {"usageLimit", 5},
      {"perCustomerLimit", 1},
      {"perCodeLimit", 1},
      {"active", true}};
  rows["admin.promotions.create"] = {
      staff(), [=](World&) {
        Example example{{}, promotion};
        example.fields.update({{"codes", {"five"}}, {"automatic", false}});
        return example;
      }};
  rows["admin.promotions.update"] = {staff(), [=](World& world) {
                                       return Example{promotion_id(world), promotion};
                                     }};
  rows["admin.promotions.createCodes"] = {
      staff(), [=](World& world) {
        return Example{promotion_id(world), {{"count", 3}, {"prefix", "SPRING-"}, {"length", 8}}};
      }};
  rows["admin.promotions.listCodes"] = {staff(), [=](World& world) {
                                          return Example{promotion_id(world), page()};
                                        }};
  rows["admin.settings.getCheckout"] = {staff(), [](World&) { return Example{}; }};
  rows["admin.settings.updateCheckout"] = {staff(), always({{},
                                                            {{"guestCheckout", true},
                                                             {"reservationMinutes", 20},
                                                             {"releaseOnDecline", true},
                                                             {"paymentDueDays", 7},
                                                             {"maxUnpaidUnits", 20},
                                                             {"maxPlacements", 3},
                                                             {"idempotencyDays", 2},
                                                             {"abandonedCartDays", 90}}})};
  rows["admin.settings.getTaxes"] = {staff(), always({})};
  rows["admin.settings.updateTaxes"] = {
      staff(), always({{},
                       {{"pricesIncludeTax", true},
                        {"rounding", "halfEven"},
                        {"roundingLevel", "order"},
                        {"shippingTax", "proportional"},
                        {"foreignPrices", "keepNet"},
                        {"homeCountry", "US"},
                        {"homeRegion", "California"},
                        {"homePostalCode", "90210"},
                        {"reverseChargeCountries", {"US", "CA"}},
                        {"categories", {"standard", "reduced", "zero", "exempt", "books"}}}})};
  rows["admin.settings.getPrices"] = {staff(), always({})};
  rows["admin.settings.updatePrices"] = {staff(), always({{},
                                                          {{"currencies", {"EUR", "USD"}},
                                                           {"goodsTotal", "beforeDiscounts"},
                                                           {"goodsTax", "withTax"}}})};
  const Json times = {{"name", "VAT"},
                      {"rate", "8.875"},
                      {"validFrom", "2026-01-01T00:00:00Z"},
                      {"validUntil", "2030-01-01T00:00:00+01:00"}};
  rows["admin.taxRates.list"] = {staff(), always({{}, page()})};
  rows["admin.taxRates.create"] = {staff(), [=](World&) {
                                     Example example{{}, times};
                                     example.fields.update({{"country", "US"},
                                                            {"region", "CA"},
                                                            {"postalPrefix", "902"},
                                                            {"category", "reduced"},
                                                            {"priority", 2},
                                                            {"compound", true}});
                                     return example;
                                   }};
  rows["admin.taxRates.update"] = {staff(), [=](World& world) {
                                     return Example{{{"taxRateId", world.tax_rate()}}, times};
                                   }};
  rows["admin.taxRates.remove"] = {staff(), [](World& world) {
                                     return Example{{{"taxRateId", world.tax_rate()}}};
                                   }};
  const Json list = {{"name", "Trade"},
                     {"priority", 2},
                     {"customerGroups", {"trade"}},
                     {"countries", {"DE", "FR"}},
                     {"validFrom", "2026-01-01T00:00:00Z"},
                     {"validUntil", "2030-01-01T00:00:00+01:00"},
                     {"active", true}};
  const auto of_list = [](const Json& fields) {
    return [=](World& world) { return Example{{{"priceListId", world.price_list()}}, fields}; };
  };
  rows["admin.priceLists.list"] = {staff(), always({{}, page()})};
  rows["admin.priceLists.get"] = {staff(), of_list(Json::object())};
  rows["admin.priceLists.create"] = {staff(), [=](World&) {
                                       Example example{{}, list};
                                       example.fields["currency"] = "EUR";
                                       return example;
                                     }};
  rows["admin.priceLists.update"] = {staff(), of_list(list)};
  rows["admin.priceLists.remove"] = {staff(), of_list(Json::object())};
  rows["admin.priceLists.listPrices"] = {staff(), of_list(page())};
  rows["admin.priceLists.setPrices"] = {
      staff(),
      of_list(
          {{"prices",
            {{{"sku", "TEA"}, {"minQuantity", 5}, {"priceCents", 700}, {"currency", "EUR"}}}}})};
  rows["admin.paymentMethods.list"] = {staff(), [](World&) { return Example{}; }};
  rows["admin.paymentMethods.create"] = {
      staff(),
      always(
          {{}, {{"name", "Cash"}, {"processor", "manual"}, {"active", false}, {"position", 4}}})};
  rows["admin.paymentMethods.update"] = {staff(), [](World& world) {
                                           return Example{
                                               {{"paymentMethodId", world.card.id.text()}},
                                               {{"name", "Cards"},
                                                {"instructions", "Have it at hand"},
                                                {"active", true},
                                                {"position", 0}}};
                                         }};
  rows["admin.paymentMethods.configure"] = {
      staff(), [](World& world) {
        return Example{{{"paymentMethodId", world.stripe.id.text()}},
                       {{"secretKey", "sk_1"}, {"publishableKey", "pk_1"}}};
      }};
}

inline void add_orders(Rows& rows) {
  rows["admin.orders.list"] = {
      staff(), [](World& world) {
        return Example{{},
                       {{"state", "Complete"}, {"q", world.buy(shopper()).number}, {"limit", 1}}};
      }};
  for (const char* name : {"get", "explain", "getTimeline", "cancel"}) {
    rows[std::string("admin.orders.") + name] = {
        staff(), [](World& world) { return number(world.buy(shopper()).number); }};
  }
  for (const char* name : {"capture", "markPaid"}) {
    rows[std::string("admin.orders.") + name] = {
        staff(),
        [](World& world) { return number(world.place(shopper(), world.manual).order.number); }};
  }
  rows["admin.orders.claim"] = {staff(),
                                always({{}, {{"userId", "ada"}, {"email", "ada@example.com"}}})};
  rows["admin.orders.requestPayment"] = {
      staff(), [](World& world) {
        Example example = number(world.place(shopper(), world.manual).order.number);
        example.fields = {{"paymentMethodId", world.manual.id.text()}};
        return example;
      }};
  rows["admin.orders.acceptPayment"] = {
      staff(), [](World& world) {
        const std::string placed = world.place(shopper(), world.manual).order.number;
        world.shop().admin().orders().mark_paid(staff(), {placed, 1}).value();
        Example example = number(placed);
        example.fields = {{"reason", "good will"}};
        return example;
      }};
  rows["admin.orders.markRefunded"] = {
      staff(), [](World& world) {
        const std::string placed = world.place(shopper(), world.manual).order.number;
        world.shop().admin().orders().mark_paid(staff(), {placed}).value();
        world.shop().admin().orders().cancel(staff(), {placed}).value();
        return number(placed);
      }};
  rows["admin.orders.refund"] = {staff(), [](World& world) {
                                   Example example = number(world.buy(shopper()).number);
                                   example.fields = {{"amountCents", 100}, {"reason", "a chip"}};
                                   return example;
                                 }};
  rows["admin.orders.ship"] = {staff(), [](World& world) {
                                 Example example = number(world.buy(shopper()).number);
                                 example.fields = {{"trackingNumber", "T1"}, {"carrier", "Post"}};
                                 return example;
                               }};
  rows["admin.events.list"] = {staff(), [](World& world) {
                                 world.buy(shopper());
                                 return Example{{}, {{"state", "pending"}, {"limit", 1}}};
                               }};
  rows["admin.events.retry"] = {
      staff(), [](World& world) {
        world.buy(shopper());
        const auto waiting = world.shop().admin().events().list(staff()).value();
        return Example{{{"eventId", waiting.items.at(0).event.id.text()}}};
      }};
}

// By the operation's name.
inline const Rows& rows() {
  static const Rows all = [] {
    Rows out;
    add_storefront(out);
    add_webhooks(out);
    add_catalog(out);
    add_customers(out);
    add_settings(out);
    add_orders(out);
    return out;
  }();
  return all;
}

}  // namespace resys::test
