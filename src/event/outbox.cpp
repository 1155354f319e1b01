// The outbox; see the header. A delivery is leased in one short transaction. The handler runs with
// no transaction open, and its result is written in another one. So after a crash in between the
// delivery is only due again.
#include "event/outbox.hpp"

#include <algorithm>

#include "base/back_off.hpp"
#include "base/command.hpp"
#include "base/page.hpp"
#include "event/fields.hpp"
#include "event/rows.hpp"

namespace resys {
namespace {

// How long a worker may take for one delivery before others assume that it has crashed.
constexpr std::int64_t kLease = 60 * kMicrosPerSecond;
constexpr std::int64_t kFirstDelay = 10 * kMicrosPerSecond;
constexpr std::int64_t kLongestDelay = kMicrosPerHour;
constexpr std::int64_t kMaxAttempts = 12;
constexpr std::int64_t kMaxErrorBytes = 500;
constexpr const char* kGiveUp = "giveUp";

bool wants(const EventHandler& handler, EventType type) {
  return handler.types.empty() ||
         std::find(handler.types.begin(), handler.types.end(), type) != handler.types.end();
}

Result<void> tell(Context& context, const std::string& store, const EventHandler& handler,
                  const Event& event) {
  try {
    return handler.handle(*context.shop, store, event);
  } catch (const Exception& exception) {
    return exception.error();
  } catch (const std::exception& exception) {
    return Error(Errc::internal, exception.what());
  } catch (...) {
    return Error(Errc::internal, "the handler threw something that is not a std::exception");
  }
}

// Turns any message of a host's exception into one line of UTF-8 that staff can read.
std::string readable(const Error& error) {
  const std::string whole = std::string(error_info(error.code()).name) + ": " + error.message();
  std::size_t size = std::min<std::size_t>(whole.size(), kMaxErrorBytes);
  const auto inside_character = [&](std::size_t at) {
    return at < whole.size() && (static_cast<unsigned char>(whole[at]) & 0xC0) == 0x80;
  };
  while (inside_character(size)) --size;
  std::string line = whole.substr(0, size);
  const auto replace = [&](auto unwanted, char by) {
    std::replace_if(
        line.begin(), line.end(), [&](char c) { return unwanted(static_cast<unsigned char>(c)); },
        by);
  };
  replace([](unsigned char c) { return c < 0x20; }, ' ');
  if (fields::check_text(fields::text(0, kMaxErrorBytes), line).has_error()) {
    replace([](unsigned char c) { return c >= 0x80; }, '?');
  }
  return line;
}

// A delivery that one worker has leased.
struct Lease {
  const std::string& store;
  const EventHandler& handler;
  const rows::LeasedEvent& leased;
  Timestamp until;
};

Result<void> record_failure(Context& context, const Lease& lease, const Error& error) {
  const EventHandler& handler = lease.handler;
  const rows::LeasedEvent& leased = lease.leased;
  const bool dead = leased.attempt >= kMaxAttempts || error.fact(kGiveUp, 0) != 0;
  const std::string message = readable(error);
  const Timestamp now = context.clock->now();
  const std::int64_t delay = domain::back_off(kFirstDelay, kLongestDelay, leased.attempt - 1);
  const rows::FailedDelivery failed{dead ? DeliveryState::dead : DeliveryState::pending,
                                    now.plus(delay), message};
  context.log->write(dead ? LogLevel::error : LogLevel::warning,
                     handler.name + " failed on " + std::string(name_of(leased.event.type)) + " " +
                         leased.event.id.text() + ", attempt " + std::to_string(leased.attempt) +
                         (dead ? ", and gave up: " : ": ") + message);
  return context.write(lease.store, [&](const Scope& scope) -> Result<void> {
    rows::fail_delivery(scope, leased.event, handler.name, lease.until, failed);
    return success();
  });
}

std::string key_of(const EventDelivery& delivery) {
  return delivery.event.id.text() + "/" + delivery.handler;
}

Result<rows::DeliveryKey> parse_key(std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  const auto event = EventId::parse(text.substr(0, slash));
  if (event.has_error()) {
    return app::wrong_cursor();
  }
  return rows::DeliveryKey{event.value(),
                           std::string(text.substr(std::min(slash + 1, text.size())))};
}

}  // namespace

namespace app {

void record_event(const Scope& scope, const OrderId& order, EventType type, const Pairs& facts) {
  const Event event{.id = scope.ids.make<EventId>(),
                    .type = type,
                    .order_id = order,
                    .facts = facts,
                    .created_at = scope.now};
  rows::insert_event(scope, event);
  for (const EventHandler& handler : scope.context.handlers) {
    if (wants(handler, type)) rows::insert_delivery(scope, event, handler.name);
  }
}

Result<bool> deliver_next(Context& context, const std::string& store, const EventHandler& handler) {
  const Timestamp now = context.clock->now();
  const Timestamp until = now.plus(kLease);
  RESYS_TRY(leased, context.write(
                        store, [&](const Scope& scope) -> Result<std::optional<rows::LeasedEvent>> {
                          return rows::lease_due_event(scope, handler.name, until);
                        }));
  if (!leased) return false;
  // Attempts are counted when they begin, so a handler that crashes its process is given up, too.
  const Result<void> told = leased->attempt > kMaxAttempts
                                ? Error(Errc::internal, "the last attempt never ended")
                                : tell(context, store, handler, leased->event);
  if (told.has_error()) {
    RESYS_TRYV(record_failure(context, {store, handler, *leased, until}, told.error()));
    return true;
  }
  RESYS_TRYV(context.write(store, [&](const Scope& scope) -> Result<void> {
    rows::finish_delivery(scope, leased->event, handler.name);
    return success();
  }));
  return true;
}

Error give_up(Error error) { return std::move(error).with(kGiveUp, 1); }

}  // namespace app

Result<Page<EventDelivery>> AdminEvents::list(const Caller& caller, const ListEvents& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  rows::DeliveryKey before{app::kNewest<EventId>, {}};
  if (request.after) {
    RESYS_TRY(key, parse_key(*request.after));
    before = std::move(key);
  }
  return context_.read(caller.store, [&](const Scope& scope) -> Result<Page<EventDelivery>> {
    return app::page_of(rows::list_deliveries(scope, request.state, before, request.limit + 1),
                        request.limit, key_of);
  });
}

Result<RetriedEvent> AdminEvents::retry(const Caller& caller, const RetryEvent& given) {
  RESYS_TRY(request, app::staff_request(caller, given));
  const auto body = [&](const Scope& scope) -> Result<std::int64_t> {
    const auto order = rows::find_undelivered(scope, request.event_id);
    if (!order) {
      return Error(Errc::not_found, "there is no such event, or every handler has received it")
          .at("eventId");
    }
    return rows::revive_deliveries(scope, request.event_id, *order);
  };
  RESYS_TRY(revived, app::run_command(context_, caller, app::request_key(caller, request), body));
  return RetriedEvent{revived};
}

}  // namespace resys
