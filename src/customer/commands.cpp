// A signed-in user's address book, and what staff record of customers.
#include "resys/customer.hpp"

#include <algorithm>

#include "base/command.hpp"
#include "base/page.hpp"
#include "base/settings_rows.hpp"
#include "customer/address.hpp"
#include "customer/fields.hpp"
#include "customer/rows.hpp"
#include "customer/tax_id.hpp"
#include "customer/tax_id_registry.hpp"

namespace resys {
namespace {

// Only a user has an address book. The audience is checked before the shape.
template <class Request>
Result<Request> user_request(const Caller& caller, const Request& given) {
  RESYS_TRYV(app::require_user(caller));
  return app::open_request(caller, given);
}

Error no_such_address() {
  return Error(Errc::not_found, "there is no such address").at("addressId");
}

// Absent fields keep their value.
Address change(Address address, const UpdateAddress& request) {
  const auto set = [&](std::string Address::*member, const std::optional<std::string>& value) {
    if (value) address.*member = *value;
  };
  set(&Address::first_name, request.first_name);
  set(&Address::last_name, request.last_name);
  set(&Address::company, request.company);
  set(&Address::line1, request.line1);
  set(&Address::line2, request.line2);
  set(&Address::city, request.city);
  set(&Address::region, request.region);
  set(&Address::postal_code, request.postal_code);
  set(&Address::country, request.country);
  set(&Address::phone, request.phone);
  return address;
}

// A command's result: the address that it has made or changed, unless it was removed since.
Result<Address> address_of(const Scope& scope, const AddressId& id) {
  auto address = rows::find_address(scope, scope.actor.user_id, id);
  if (!address) return no_such_address();
  return *std::move(address);
}

// The groups in order, and the tax id as its country writes it.
Result<UpdateCustomer> customer_request(const Caller& caller, const UpdateCustomer& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  if (request.groups) {
    auto& groups = *request.groups;
    std::sort(groups.begin(), groups.end());
    groups.erase(std::unique(groups.begin(), groups.end()), groups.end());
  }
  if (request.tax_id && !request.tax_id->empty()) {
    RESYS_TRY(tax_id, domain::tax_id(*request.tax_id));
    request.tax_id = std::move(tax_id);
  }
  return request;
}

Result<Customer> customer_of(const Scope& scope, const std::string& user_id) {
  return rows::find_customer(scope, user_id).value_or(Customer{.user_id = user_id});
}

}  // namespace

Result<Page<Address>> Addresses::list(const Caller& caller, const ListAddresses& given) {
  RESYS_TRY(request, user_request(caller, given));
  const auto after = request.after ? AddressId::parse(*request.after) : AddressId();
  if (after.has_error()) {
    return app::wrong_cursor();
  }
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<Address>> {
    return app::page_of(
        rows::list_addresses(scope, caller.user_id, after.value(), request.limit + 1),
        request.limit, [](const Address& address) { return address.id.text(); });
  });
}

Result<Address> Addresses::create(const Caller& caller, const CreateAddress& given) {
  RESYS_TRY(accepted, user_request(caller, given));
  RESYS_TRY(request, domain::checked_input(std::move(accepted)));
  Address address = domain::address_of(request);
  address.id = context_.ids->make<AddressId>();
  const auto body = [&](const Scope& scope) -> Result<AddressId> {
    rows::insert_address(scope, caller.user_id, address);
    return address.id;
  };
  return app::run_command(context_, caller, request, body, address_of);
}

Result<Address> Addresses::update(const Caller& caller, const UpdateAddress& given) {
  RESYS_TRY(request, user_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<AddressId> {
    auto address = rows::lock_address(scope, caller.user_id, request.address_id);
    if (!address) return no_such_address();
    RESYS_TRY(changed, domain::checked_address(change(*std::move(address), request)));
    rows::update_address(scope, caller.user_id, changed);
    return request.address_id;
  };
  return app::run_command(context_, caller, request, body, address_of);
}

Result<Removed> Addresses::remove(const Caller& caller, const RemoveAddress& given) {
  RESYS_TRY(request, user_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<AddressId> {
    if (!rows::delete_address(scope, caller.user_id, request.address_id)) {
      return no_such_address();
    }
    return request.address_id;
  };
  return app::run_command(
      context_, caller, request, body,
      [](const Scope&, const AddressId&) -> Result<Removed> { return Removed{}; });
}

Result<Page<Country>> Addresses::list_countries(const Caller& caller,
                                                const ListCountries& request) {
  RESYS_TRYV(app::open_request(caller, request));
  return Page<Country>{domain::countries(), std::nullopt};
}

Result<AddressRules> Addresses::get_rules(const Caller& caller, const GetAddressRules& given) {
  RESYS_TRY(request, app::open_request(caller, given));
  return domain::address_rules(request.country).value();
}

Result<Page<Customer>> AdminCustomers::list(const Caller& caller, const ListCustomers& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<Customer>> {
    return app::page_of(rows::list_customers(scope, request.after.value_or(""), request.limit + 1),
                        request.limit, [](const Customer& customer) { return customer.user_id; });
  });
}

Result<Customer> AdminCustomers::get(const Caller& caller, const GetCustomer& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Customer> {
    return customer_of(scope, request.user_id);
  });
}

Result<Customer> AdminCustomers::update(const Caller& caller, const UpdateCustomer& given) {
  RESYS_TRY(request, customer_request(caller, given));
  RESYS_TRY(checked_at, app::look_up_tax_id(context_, caller, app::request_key(caller, request),
                                            request.user_id, request.tax_id.value_or("")));
  const auto body = [&](const Scope& scope) -> Result<std::string> {
    rows::ensure_store(scope);
    Customer customer = rows::lock_customer(scope, request.user_id);
    if (request.groups) customer.groups = *request.groups;
    if (request.tax_exempt) customer.tax_exempt = *request.tax_exempt;
    if (request.tax_id) {
      // Another id, also where this one was found a moment ago, and so was not asked for.
      if (customer.tax_id != *request.tax_id) customer.tax_id_checked_at.reset();
      customer.tax_id = *request.tax_id;
      if (checked_at) customer.tax_id_checked_at = checked_at;
    }
    rows::update_customer(scope, customer);
    return request.user_id;
  };
  return app::run_command(context_, caller, request, body, customer_of);
}

}  // namespace resys
