// Operations on addresses: the book of a signed-in user, and what countries want of them.
#include "fields/customer.hpp"

#include "api/operation.hpp"

namespace resys::api {

std::vector<Operation> customer_operations() {
  return {
      operation("addresses.list", "GET /api/storefront/addresses", &Addresses::list,
                &Shop::addresses, Audience::shopper,
                "Lists the user's addresses, in the order they were created.",
                {Errc::unauthenticated}),
      operation("addresses.create", "POST /api/storefront/addresses", &Addresses::create,
                &Shop::addresses, Audience::shopper, "Adds an address to the user's address book.",
                {Errc::unauthenticated}),
      operation("addresses.update", "PUT /api/storefront/addresses/{addressId}", &Addresses::update,
                &Shop::addresses, Audience::shopper,
                "Changes an address; absent fields keep their value.",
                {Errc::unauthenticated, Errc::not_found}),
      operation("addresses.remove", "DELETE /api/storefront/addresses/{addressId}",
                &Addresses::remove, &Shop::addresses, Audience::shopper,
                "Removes an address from the address book; orders keep their copy.",
                {Errc::unauthenticated, Errc::not_found}),
      operation("addresses.listCountries", "GET /api/storefront/countries",
                &Addresses::list_countries, &Shop::addresses, Audience::shopper,
                "Lists the countries and territories that an address can be in, by code."),
      operation("addresses.getRules", "GET /api/storefront/countries/{country}",
                &Addresses::get_rules, &Shop::addresses, Audience::shopper,
                "Returns which parts a country's addresses have, for a form."),
  };
}

}  // namespace resys::api
