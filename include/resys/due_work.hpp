// What the clock makes due, and the parts that it can be done in.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>

#include "resys/state_machine.hpp"

namespace resys {

// Where each part has a thread of its own, as with a Worker, none waits for what another one calls.
enum class DueWorkPart {
  all,
  deadlines,  // ends reservations, deletes what is kept no longer: calls nothing outside
  payments,   // ends expired payments, asks processors, retries parked webhooks
  events,     // tells the host's event handlers
  mail,       // sends mails
};
template <>
struct EnumNames<DueWorkPart> {
  static constexpr std::string_view type = "DueWorkPart";
  static constexpr std::array<std::string_view, 5> names{"all", "deadlines", "payments", "events",
                                                         "mail"};
};

struct DueWork {
  std::int64_t done = 0;  // pieces of work done, failed attempts included
  bool more = false;      // something is still due: call again at once
};

}  // namespace resys
