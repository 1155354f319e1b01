// The whole table, and what every operation has in common.
#include "api/operation.hpp"

#include <iterator>
#include <nlohmann/json.hpp>

namespace resys {
namespace api {

const std::vector<Operation>& operations() {
  static const std::vector<Operation> all = [] {
    std::vector<Operation> rows;
    for (auto part :
         {catalog_operations(), cart_operations(), customer_operations(), checkout_operations(),
          order_operations(), admin_order_operations(), payment_operations(),
          inventory_operations(), shipping_operations(), promotion_operations(), tax_operations(),
          price_list_operations(), settings_operations(), event_operations()}) {
      std::move(part.begin(), part.end(), std::back_inserter(rows));
    }
    return rows;
  }();
  return all;
}

std::string_view name_of_audience(Audience audience) {
  return audience == Audience::staff     ? "staff"
         : audience == Audience::shopper ? "shopper"
                                         : "processor";
}

Result<void> authorize(const Operation& operation, const Caller& caller) {
  if (operation.audience == Audience::processor) return success();
  if (caller.audience == Audience::processor ||
      (operation.audience == Audience::staff && caller.audience != Audience::staff)) {
    return Error(Errc::forbidden, operation.audience == Audience::staff
                                      ? "the caller is not staff"
                                      : "the caller is neither a shopper nor staff");
  }
  if (operation.may_answer(Errc::unauthenticated) && caller.user_id.empty() &&
      caller.session_id.empty()) {
    return Error(Errc::unauthenticated, "the caller has neither a user nor a session");
  }
  return success();
}

Result<std::string> dispatch(const Operation& operation, Shop& shop, const Caller& caller,
                             const Json& request) {
  try {
    return operation.run(shop, caller, request);
  } catch (const std::exception& fault) {
    shop.log().write(LogLevel::error,
                     std::string(operation.name).append(" failed: ").append(fault.what()));
  } catch (...) {
    shop.log().write(LogLevel::error, std::string(operation.name).append(" failed"));
  }
  return Error(Errc::internal, "an internal error occurred and was logged");
}

}  // namespace api

Result<std::string> call(Shop& shop, const Caller& caller, std::string_view operation,
                         std::string_view request) {
  for (const api::Operation& each : api::operations()) {
    if (each.name != operation) continue;
    RESYS_TRYV(api::authorize(each, caller));
    RESYS_TRY(json, api::parse_object(request));
    return api::dispatch(each, shop, caller, json);
  }
  return Error(Errc::not_found, "there is no such operation")
      .with("operation", fields::shortened(std::string(operation), fields::kMaxShownNameBytes));
}

}  // namespace resys
