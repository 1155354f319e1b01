// A signed-in user's address book.
#include "resys/customer.hpp"

#include "app/command.hpp"
#include "app/page.hpp"
#include "fields/customer.hpp"
#include "store/customer.hpp"

namespace resys {
namespace {

// Audience before shape: an address book needs a user.
template <class Request>
Result<void> check(const Caller& caller, const Request& request) {
  RESYS_TRYV(app::require_user(caller));
  RESYS_TRYV(fields::check(caller));
  return fields::check(request);
}

Error no_such_address() { return Error(Errc::not_found, "there is no such address").at("id"); }

// A command's answer: the address it has made or changed, unless it was removed since.
Result<Address> address_of(Context& context, const Caller& caller,
                           const app::CommandOutcome& outcome) {
  RESYS_TRY(id, AddressId::parse(outcome.ids));
  return context.database->read([&](db::Transaction& tx) -> Result<Address> {
    auto address = store::find_address(tx, caller.store, caller.user_id, id);
    if (!address) return no_such_address();
    return *std::move(address);
  });
}

}  // namespace

Result<Page<Address>> Addresses::list(const Caller& caller, const ListAddresses& request) {
  RESYS_TRYV(check(caller, request));
  const auto after = request.after ? AddressId::parse(*request.after) : AddressId();
  if (after.has_error()) {
    return Error(Errc::invalid_request, "must be the nextAfter of an earlier page").at("after");
  }
  return context_.database->read([&](db::Transaction& tx) -> Result<Page<Address>> {
    return app::page_of(
        store::list_addresses(tx, caller.store, caller.user_id, after.value(), request.limit + 1),
        request.limit, [](const Address& address) { return address.id.text(); });
  });
}

Result<Address> Addresses::create(const Caller& caller, const CreateAddress& request) {
  RESYS_TRYV(check(caller, request));
  const Timestamp now = context_.clock->now();
  const auto id = context_.ids->make<AddressId>();
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    store::insert_address(tx, caller.store, caller.user_id, id, request, now);
    return id.text();
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  return address_of(context_, caller, outcome);
}

Result<Address> Addresses::update(const Caller& caller, const UpdateAddress& request) {
  RESYS_TRYV(check(caller, request));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    if (!store::update_address(tx, caller.store, caller.user_id, request, now)) {
      return no_such_address();
    }
    return request.address_id.text();
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  return address_of(context_, caller, outcome);
}

Result<Deleted> Addresses::remove(const Caller& caller, const DeleteAddress& request) {
  RESYS_TRYV(check(caller, request));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    if (!store::delete_address(tx, caller.store, caller.user_id, request.address_id)) {
      return no_such_address();
    }
    return std::string();
  };
  RESYS_TRYV(app::run_command(context_, caller, request, now, body));
  return Deleted{};
}

}  // namespace resys
