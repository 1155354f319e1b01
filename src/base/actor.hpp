// Who caused something, as rows keep it:
//
//   actor := "shop" | "shopper" | "processor" | "staff:" user id
//
// A shopper's id is not stored, because the order has it.
#pragma once

#include <string>
#include <string_view>

#include "resys/event.hpp"

namespace resys::rows {

struct ActorRef {
  Actor kind = Actor::shop;
  std::string user_id{};  // only that of staff is stored

  bool operator==(const ActorRef&) const = default;
};

std::string encode_actor(const ActorRef& actor);
ActorRef decode_actor(std::string_view text);

}  // namespace resys::rows
