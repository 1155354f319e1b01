// Who caused something, as text; the format is drawn in the header.
#include "base/actor.hpp"

#include "base/db/database.hpp"

namespace resys::rows {
namespace {

constexpr std::string_view kStaff = "staff:";

}  // namespace

std::string encode_actor(const ActorRef& actor) {
  if (actor.kind == Actor::staff) return std::string(kStaff).append(actor.user_id);
  return std::string(name_of(actor.kind));
}

ActorRef decode_actor(std::string_view text) {
  if (text.starts_with(kStaff)) {
    return {Actor::staff, std::string(text.substr(kStaff.size()))};
  }
  const auto kind = parse_name<Actor>(text);
  if (!kind) {
    throw db::StorageFault(Error(Errc::storage, "the database holds a value that cannot be read")
                               .with("type", std::string(EnumNames<Actor>::type)));
  }
  return {*kind, {}};
}

}  // namespace resys::rows
