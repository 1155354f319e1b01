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

// Makes rows for the operations of one service: `Rows<&Shop::carts>`. Each function is named by the
// audience of its operation, and takes the operation's name, its route ("METHOD /path"), the
// service's function, a summary, and the errors that it may return. An operation that may return
// unauthenticated needs a user or a session.
template <auto kService>
class Rows {
 public:
  template <class Function>
  static Operation shopper(std::string_view name, std::string_view route, Function function,
                           std::string_view summary, std::vector<Errc> errors = {}) {
    Operation row = make(Audience::shopper, name, route, function);
    return tell(std::move(row), summary, std::move(errors));
  }
  template <class Function>
  static Operation staff(std::string_view name, std::string_view route, Function function,
                         std::string_view summary, std::vector<Errc> errors = {}) {
    Operation row = make(Audience::staff, name, route, function);
    return tell(std::move(row), summary, std::move(errors));
  }
  template <class Function>
  static Operation processor(std::string_view name, std::string_view route, Function function,
                             std::string_view summary, std::vector<Errc> errors = {}) {
    Operation row = make(Audience::processor, name, route, function);
    return tell(std::move(row), summary, std::move(errors));
  }

 private:
  template <class Service, class Request, class Answer>
  static Operation make(Audience audience, std::string_view name, std::string_view route,
                        Result<Answer> (Service::*function)(const Caller&, const Request&)) {
    const std::size_t blank = route.find(' ');
    const auto run = [=](Shop& shop, const Caller& caller,
                         const Json& json) -> Result<std::string> {
      Request request;
      RESYS_TRYV(read(json, request));
      RESYS_TRY(answer, ((shop.*kService)().*function)(caller, request));
      std::string out;
      write(out, answer);
      return out;
    };
    return {.name = name,
            .method = route.substr(0, blank),
            .path = route.substr(blank + 1),
            .audience = audience,
            .request = &fields::schema_of<Request>(),
            .answer = &fields::schema_of<Answer>(),
            .run = run};
  }
  static Operation tell(Operation row, std::string_view summary, std::vector<Errc> errors) {
    row.summary = summary;
    row.errors = std::move(errors);
    return row;
  }
};

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
