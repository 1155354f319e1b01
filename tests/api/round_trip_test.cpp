// What a response shows of conditions and actions can be sent back as it is, with its nulls.
#include <algorithm>

#include "support/buying_shop.hpp"
#include "world.hpp"

using namespace resys;
using namespace resys::test;

namespace {

Json call_with(BuyingShop& test, const char* operation, const Json& request) {
  return Json::parse(call(*test.shop, staff(), operation, request.dump()).value());
}

const Json kConditions = Json::parse(R"([
  {"kind": "minimumAmount", "amountCents": 100},
  {"kind": "minimumQuantity", "quantity": 2},
  {"kind": "products", "skus": ["TEA"], "categories": ["hot"]},
  {"kind": "customerGroups", "groups": ["friends"]},
  {"kind": "firstOrder"},
  {"kind": "countries", "countries": ["DE"]},
  {"kind": "localTime", "weekdays": [1, 7], "fromMinute": 60}])");

const Json kActions = Json::parse(R"([
  {"kind": "percentOffLines", "basisPoints": 100, "skus": ["TEA"]},
  {"kind": "fixedOffLines", "amountCents": 5},
  {"kind": "percentOffCheapest", "basisPoints": 100},
  {"kind": "percentOffEveryNth", "basisPoints": 100, "nth": 3},
  {"kind": "buyXGetY", "basisPoints": 100, "buy": 2, "get": 1},
  {"kind": "tiered", "tiers": [{"fromQuantity": 2, "basisPoints": 100}]},
  {"kind": "bundlePrice", "skus": ["TEA", "MUG"], "amountCents": 900},
  {"kind": "percentOffOrder", "basisPoints": 100},
  {"kind": "fixedOffOrder", "amountCents": 5},
  {"kind": "percentOffShipping", "basisPoints": 100},
  {"kind": "fixedOffShipping", "amountCents": 5},
  {"kind": "freeShipping"},
  {"kind": "giftLine", "sku": "MUG"}])");

template <class Kind>
void check_all_kinds(const Json& all) {
  REQUIRE(all.size() == EnumNames<Kind>::names.size());
  for (const std::string_view name : EnumNames<Kind>::names) {
    CAPTURE(name);
    CHECK(std::any_of(all.begin(), all.end(), [&](const Json& each) {
      return each.at("kind").get<std::string>() == name;
    }));
  }
}

}  // namespace

TEST_CASE("conditions and actions are accepted as they are shown, of every kind") {
  check_all_kinds<PromotionConditionKind>(kConditions);
  check_all_kinds<PromotionActionKind>(kActions);
  BuyingShop test;
  for (const Json& action : kActions) {
    CAPTURE(action.dump());
    const Json made = call_with(test, "admin.promotions.create",
                                {{"name", "Spring"},
                                 {"currency", "EUR"},
                                 {"conditions", kConditions},
                                 {"actions", Json::array({action})}});
    const Json id = {{"promotionId", made["id"]}};
    const Json shown = call_with(test, "admin.promotions.get", id);
    CHECK(shown["actions"][0].dump().find("null") != std::string::npos);
    const Json again = call_with(test, "admin.promotions.create",
                                 {{"name", "Again"},
                                  {"currency", "EUR"},
                                  {"conditions", shown["conditions"]},
                                  {"actions", shown["actions"]}});
    CHECK(again["conditions"] == shown["conditions"]);
    CHECK(again["actions"] == shown["actions"]);
    // An update takes all that is shown, but for what never changes.
    Json whole = shown;
    for (const char* fixed : {"id", "automatic", "used"}) whole.erase(fixed);
    whole.update(id);
    CHECK(call_with(test, "admin.promotions.update", whole) == shown);
  }
}

TEST_CASE("null stands for absence inside a request only") {
  BuyingShop test;
  const auto refused = [&](const char* operation, const char* request) {
    const auto answer = call(*test.shop, staff(), operation, request);
    REQUIRE(answer.has_error());
    CHECK(answer.error().code() == Errc::invalid_request);
    return std::string(answer.error().field());
  };
  CHECK(refused("admin.products.list", R"({"currency": null})") == "currency");
  CHECK(refused("admin.promotions.create", R"({"name": "A", "actions": [{"kind": null}]})") ==
        "actions[0].kind");
  CHECK(refused("admin.promotions.create",
                R"({"name": "A", "actions": [{"kind": "freeShipping", "skus": null}]})") ==
        "actions[0].skus");
}
