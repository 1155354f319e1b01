// The operation table: one row is the HTTP endpoint, the operation by name and its description.
#pragma once

#include <functional>
#include <type_traits>

#include "api/codec.hpp"
#include "resys/shop.hpp"

namespace resys::api {

struct Operation {
  std::string_view name;    // "cart.addItem"
  std::string_view method;  // "POST"
  std::string_view path;    // "/api/storefront/cart/items/{lineItemId}"
  Audience audience;
  std::string_view summary;
  std::vector<Errc> errors;  // beside those that every operation may return
  const fields::Schema* request;
  const fields::Schema* answer;
  bool raw = false;  // the body is not JSON: it is the request's `payload`
  // Reads the request, calls the service and writes the response.
  std::function<Result<std::string>(Shop&, const Caller&, const Json&)> run;

  bool writes() const { return method != "GET"; }
  bool may_answer(Errc code) const {
    return std::find(errors.begin(), errors.end(), code) != errors.end();
  }
};

template <auto kService>
constexpr bool kIsForStaff = std::is_invocable_v<decltype(kService), Admin&>;

// Who may call a service. A webhook's signature is what authenticates it, whoever calls.
template <auto kService, class Service>
constexpr Audience audience_of() {
  if (std::is_same_v<Service, Webhooks>) return Audience::processor;
  return kIsForStaff<kService> ? Audience::staff : Audience::shopper;
}

// The service that `kService` returns: a function of Admin or of Shop.
template <auto kService>
auto service_of(Shop& shop) {
  if constexpr (kIsForStaff<kService>) {
    return (shop.admin().*kService)();
  } else {
    return (shop.*kService)();
  }
}

// Makes a row: the operation's name, its route ("METHOD /path"), the function of the service, a
// summary, and the errors that it may return. An operation that may return unauthenticated needs a
// user or a session.
template <auto kService, class Service, class Request, class Answer>
Operation row(std::string_view name, std::string_view route,
              Result<Answer> (Service::*function)(const Caller&, const Request&),
              std::string_view summary, std::vector<Errc> errors = {}) {
  const std::size_t blank = route.find(' ');
  const auto run = [=](Shop& shop, const Caller& caller, const Json& json) -> Result<std::string> {
    Request request;
    RESYS_TRYV(read(json, request));
    RESYS_TRY(answer, (service_of<kService>(shop).*function)(caller, request));
    std::string out;
    write(out, answer);
    return out;
  };
  return {.name = name,
          .method = route.substr(0, blank),
          .path = route.substr(blank + 1),
          .audience = audience_of<kService, Service>(),
          .summary = summary,
          .errors = std::move(errors),
          .request = &fields::schema_of<Request>(),
          .answer = &fields::schema_of<Answer>(),
          .run = run};
}

// The rows of each noun, in its own file.
std::vector<Operation> catalog_operations();
std::vector<Operation> cart_operations();
std::vector<Operation> checkout_operations();
std::vector<Operation> customer_operations();
std::vector<Operation> event_operations();
std::vector<Operation> inventory_operations();
std::vector<Operation> order_operations();
std::vector<Operation> admin_order_operations();
std::vector<Operation> payment_operations();
std::vector<Operation> promotion_operations();
std::vector<Operation> settings_operations();
std::vector<Operation> shipping_operations();
std::vector<Operation> tax_operations();
std::vector<Operation> price_list_operations();

// All of them. They live as long as the program.
const std::vector<Operation>& operations();

// "shopper", "staff" or "processor".
std::string_view name_of_audience(Audience audience);

// Checks the caller before the shape of the request is checked. Errors: forbidden, unauthenticated.
Result<void> authorize(const Operation& operation, const Caller& caller);
// Runs the operation, for a caller who is authorized. Returns the `data` as JSON. An exception is
// logged and becomes `internal`.
Result<std::string> dispatch(const Operation& operation, Shop& shop, const Caller& caller,
                             const Json& request);

}  // namespace resys::api
