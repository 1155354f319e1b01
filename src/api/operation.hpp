// The operation table: one row is the HTTP endpoint, the operation by name and its description.
#pragma once

#include <functional>

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

// `route` is "METHOD /path"; `function` is called on `service` of the shop. An operation that may
// return unauthenticated needs a user or a session.
template <class Service, class Request, class Answer>
Operation operation(std::string_view name, std::string_view route,
                    Result<Answer> (Service::*function)(const Caller&, const Request&),
                    Service& (Shop::*service)() noexcept, Audience audience,
                    std::string_view summary, std::vector<Errc> errors = {}) {
  const std::size_t blank = route.find(' ');
  const auto run = [=](Shop& shop, const Caller& caller, const Json& json) -> Result<std::string> {
    Request request;
    RESYS_TRYV(read(json, request));
    RESYS_TRY(answer, ((shop.*service)().*function)(caller, request));
    std::string out;
    write(out, answer);
    return out;
  };
  return {name,
          route.substr(0, blank),
          route.substr(blank + 1),
          audience,
          summary,
          std::move(errors),
          &fields::schema_of<Request>(),
          &fields::schema_of<Answer>(),
          false,
          run};
}

// The rows of each noun, in its own file.
std::vector<Operation> catalog_operations();
std::vector<Operation> cart_operations();
std::vector<Operation> checkout_operations();
std::vector<Operation> customer_operations();
std::vector<Operation> event_operations();
std::vector<Operation> inventory_operations();
std::vector<Operation> order_operations();
std::vector<Operation> payment_operations();
std::vector<Operation> promotion_operations();
std::vector<Operation> settings_operations();
std::vector<Operation> shipping_operations();

// All of them. They live as long as the program.
const std::vector<Operation>& operations();

// "shopper", "staff" or "processor".
std::string_view name_of_audience(Audience audience);

// Checks the caller before the shape of the request is checked. Errors: forbidden, unauthenticated.
Result<void> authorize(const Operation& operation, const Caller& caller);
// Authorizes and runs the operation. Returns the `data` as JSON. An exception is logged and becomes
// `internal`.
Result<std::string> dispatch(const Operation& operation, Shop& shop, const Caller& caller,
                             const Json& request);

}  // namespace resys::api
