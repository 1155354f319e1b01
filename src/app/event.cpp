// The outbox: see the header. A delivery is leased in one short transaction, told with none open,
// and settled in another, so that a crash in between only makes it due again.
#include "app/event.hpp"

#include <algorithm>

#include "app/command.hpp"
#include "app/page.hpp"
#include "fields/event.hpp"
#include "store/event.hpp"

namespace resys {
namespace {

// How long a worker has for one delivery before others take it for crashed.
constexpr std::int64_t kLease = 60 * kMicrosPerSecond;
constexpr std::int64_t kFirstDelay = 10 * kMicrosPerSecond;
constexpr std::int64_t kLongestDelay = kMicrosPerHour;
constexpr std::int64_t kMaxAttempts = 12;
// How many of a handler's deliveries are looked up at a time.
constexpr std::int64_t kBatch = 50;
constexpr std::int64_t kMaxErrorBytes = 500;
constexpr const char* kGiveUp = "giveUp";

struct Due {
  const EventHandler* handler;
  Event event;
};

bool wants(const EventHandler& handler, EventType type) {
  return handler.types.empty() ||
         std::find(handler.types.begin(), handler.types.end(), type) != handler.types.end();
}

// Of the handlers that this shop has: what others left waiting is not seen, so it blocks nothing.
Result<std::vector<Due>> list_due(Context& context, const std::string& store) {
  const Timestamp now = context.clock->now();
  RESYS_TRY(found, context.database->read([&](db::Transaction& tx) -> Result<std::vector<Due>> {
    std::vector<Due> due;
    for (const EventHandler& handler : context.handlers) {
      for (Event& event : store::list_due_events(tx, store, handler.name, now, kBatch)) {
        due.push_back({&handler, std::move(event)});
      }
    }
    return due;
  }));
  std::stable_sort(found.begin(), found.end(),
                   [](const Due& a, const Due& b) { return a.event.id < b.event.id; });
  return std::move(found);
}

Result<void> tell(Context& context, const std::string& store, const Due& due) {
  try {
    return due.handler->handle(*context.shop, store, due.event);
  } catch (const Exception& exception) {
    return exception.error();
  } catch (const std::exception& exception) {
    return Error(Errc::internal, exception.what());
  } catch (...) {
    return Error(Errc::internal, "the handler threw what is no std::exception");
  }
}

// One line of UTF-8 that staff can read, whatever a host's exception says.
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

std::int64_t delay_after(std::int64_t attempts) {
  std::int64_t delay = kFirstDelay;
  for (std::int64_t i = 1; i < attempts && delay < kLongestDelay; ++i) delay *= 2;
  return std::min(delay, kLongestDelay);
}

Result<void> record_failure(Context& context, const std::string& store, const Due& due,
                            const Error& error, std::int64_t attempt, Timestamp leased_until) {
  const bool dead = attempt >= kMaxAttempts || error.fact(kGiveUp, 0) != 0;
  const std::string message = readable(error);
  const store::FailedDelivery failed{dead ? DeliveryState::dead : DeliveryState::pending,
                                     context.clock->now().plus(delay_after(attempt)), message};
  context.log->write(dead ? LogLevel::error : LogLevel::warning,
                     due.handler->name + " failed on " + std::string(name_of(due.event.type)) +
                         " " + due.event.id.text() + ", attempt " + std::to_string(attempt) +
                         (dead ? ", and gave up: " : ": ") + message);
  return context.database->write([&](db::Transaction& tx) -> Result<void> {
    store::fail_delivery(tx, store, due.event.id, due.handler->name, leased_until, failed);
    return success();
  });
}

// False if somebody else took it.
Result<bool> deliver(Context& context, const std::string& store, const Due& due) {
  const Timestamp now = context.clock->now();
  const Timestamp until = now.plus(kLease);
  RESYS_TRY(
      attempt,
      context.database->write([&](db::Transaction& tx) -> Result<std::optional<std::int64_t>> {
        return store::lease_delivery(tx, store, due.event.id, due.handler->name, now, until);
      }));
  if (!attempt) return false;
  // Attempts are counted when they begin: a handler that takes its process with it is given up too.
  const Result<void> told = *attempt > kMaxAttempts
                                ? Error(Errc::internal, "the last attempt has never ended")
                                : tell(context, store, due);
  if (told.has_error()) {
    RESYS_TRYV(record_failure(context, store, due, told.error(), *attempt, until));
    return true;
  }
  RESYS_TRYV(context.database->write([&](db::Transaction& tx) -> Result<void> {
    store::finish_delivery(tx, store, due.event.id, due.handler->name);
    return success();
  }));
  return true;
}

std::string key_of(const EventDelivery& delivery) {
  return delivery.event.id.text() + "/" + delivery.handler;
}

Result<store::DeliveryKey> parse_key(std::string_view text) {
  const std::size_t slash = std::min(text.find('/'), text.size());
  if (EventId::parse(text.substr(0, slash)).has_error()) {
    return Error(Errc::invalid_request, "must be the nextAfter of an earlier page").at("after");
  }
  return store::DeliveryKey{std::string(text.substr(0, slash)),
                            std::string(text.substr(std::min(slash + 1, text.size())))};
}

}  // namespace

namespace app {

void record_event(db::Transaction& tx, const Context& context, std::string_view store,
                  const OrderId& order, EventType type, const Options& facts, Timestamp now) {
  const Event event{context.ids->make<EventId>(), type, order, 0, facts, now};
  store::insert_event(tx, store, event);
  for (const EventHandler& handler : context.handlers) {
    if (wants(handler, type)) store::insert_delivery(tx, store, event, handler.name);
  }
}

Result<std::int64_t> deliver_events(Context& context, const std::string& store,
                                    std::int64_t limit) {
  std::int64_t done = 0;
  // A delivery that succeeds may make the next of its order due: look again until nothing moves.
  for (bool moved = true; moved && done < limit;) {
    moved = false;
    RESYS_TRY(found, list_due(context, store));
    for (const Due& due : found) {
      if (done == limit) break;
      RESYS_TRY(mine, deliver(context, store, due));
      if (!mine) continue;
      moved = true;
      ++done;
    }
  }
  return done;
}

Error give_up(Error error) { return std::move(error).with(kGiveUp, 1); }

}  // namespace app

Result<Page<EventDelivery>> Events::list(const Caller& caller, const ListEvents& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  store::DeliveryKey after;
  if (request.after) {
    RESYS_TRY(key, parse_key(*request.after));
    after = std::move(key);
  }
  return context_.database->read([&](db::Transaction& tx) -> Result<Page<EventDelivery>> {
    return app::page_of(
        store::list_deliveries(tx, caller.store, request.state, after, request.limit + 1),
        request.limit, key_of);
  });
}

Result<RetriedEvent> Events::retry(const Caller& caller, const RetryEvent& request) {
  RESYS_TRYV(app::check_staff(caller, request));
  const Timestamp now = context_.clock->now();
  const auto body = [&](db::Transaction& tx) -> Result<std::string> {
    if (!store::has_deliveries(tx, caller.store, request.event_id)) {
      return Error(Errc::not_found, "there is no such event, or all handlers were told of it")
          .at("eventId");
    }
    return std::to_string(store::revive_deliveries(tx, caller.store, request.event_id, now));
  };
  RESYS_TRY(outcome, app::run_command(context_, caller, request, now, body));
  return RetriedEvent{std::stoll(outcome.ids)};
}

}  // namespace resys
