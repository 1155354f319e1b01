// Operations on addresses: the book of a signed-in user, and what countries want of them; and on
// what staff record of customers.
#include "customer/fields.hpp"

#include "api/operation.hpp"

namespace resys::api {
std::vector<Operation> customer_operations() {
  return {
      row<&Shop::addresses>("addresses.list", "GET /api/storefront/addresses", &Addresses::list,
                            "Lists the user's addresses, in the order they were created.",
                            {Errc::unauthenticated}),
      row<&Shop::addresses>("addresses.create", "POST /api/storefront/addresses",
                            &Addresses::create, "Adds an address to the user's address book.",
                            {Errc::unauthenticated}),
      row<&Shop::addresses>("addresses.update", "PUT /api/storefront/addresses/{addressId}",
                            &Addresses::update,
                            "Changes an address; absent fields keep their value.",
                            {Errc::unauthenticated, Errc::not_found}),
      row<&Shop::addresses>("addresses.remove", "DELETE /api/storefront/addresses/{addressId}",
                            &Addresses::remove,
                            "Removes an address from the address book; orders keep their copy.",
                            {Errc::unauthenticated, Errc::not_found}),
      row<&Shop::addresses>(
          "addresses.listCountries", "GET /api/storefront/countries", &Addresses::list_countries,
          "Lists the countries and territories that an address can be in, by code."),
      row<&Shop::addresses>("addresses.getRules", "GET /api/storefront/countries/{country}",
                            &Addresses::get_rules,
                            "Returns which parts a country's addresses have, for a form."),
      row<&Admin::customers>("admin.customers.list", "GET /api/admin/customers",
                             &AdminCustomers::list,
                             "Lists the users of whom something is recorded, by user id."),
      row<&Admin::customers>("admin.customers.get", "GET /api/admin/customers/{userId}",
                             &AdminCustomers::get,
                             "Returns what is recorded of a user; the defaults if nothing is."),
      row<&Admin::customers>("admin.customers.update", "PUT /api/admin/customers/{userId}",
                             &AdminCustomers::update,
                             "Changes what is recorded of a user; absent fields keep their value."),
  };
}

}  // namespace resys::api
