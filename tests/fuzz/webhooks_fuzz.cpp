// Webhooks with a good signature and any content, and Stripe's answers to the questions that
// follow: what Stripe never says must not be a defect, and no money is believed in.
#include <nlohmann/json.hpp>

#include "base/crypto.hpp"
#include "fuzz/decisions.hpp"
#include "fuzz/fuzzed_shop.hpp"
#include "support/callers.hpp"

using namespace resys;
using namespace resys::test;
using Json = nlohmann::json;

namespace {

constexpr const char* kEventTypes[] = {"payment_intent.succeeded",
                                       "payment_intent.payment_failed",
                                       "payment_intent.canceled",
                                       "payment_intent.processing",
                                       "payment_intent.requires_action",
                                       "payment_intent.amount_capturable_updated",
                                       "charge.refunded",
                                       "charge.expired",
                                       "charge.refund.updated",
                                       "refund.created",
                                       "refund.updated",
                                       "refund.failed",
                                       "charge.dispute.created",
                                       "charge.dispute.closed",
                                       "v1.payment_intent.succeeded",
                                       "customer.created"};
constexpr const char* kStatuses[] = {"succeeded",  "canceled", "requires_payment_method",
                                     "processing", "pending",  "requires_capture",
                                     "failed",     "lost",     "won"};
constexpr const char* kObjects[] = {"payment_intent", "charge", "refund",
                                    "dispute",        "event",  "v2.core.event"};

Json any(Decisions& decisions) {
  switch (decisions.below(8)) {
    case 0:
      return nullptr;
    case 1:
      return decisions.integer();
    case 2:
      return decisions.bytes(20);
    case 3:
      return Json::array({decisions.bytes(5)});
    case 4:
      return 0.5;
    case 5:
      return Json::object();
    case 6:
      return std::string(decisions.below(3'000), 'i');
    default:
      return decisions.integer() % 10'000;
  }
}

// Most members as Stripe sends them, some of another kind.
Json object(Decisions& decisions, int depth = 0) {
  Json made = {{"id", "pi_" + std::to_string(decisions.below(4))},
               {"object", decisions.pick(kObjects)},
               {"status", decisions.pick(kStatuses)},
               {"amount", 1'580},
               {"amount_received", decisions.one_in(2) ? 1'580 : 1'000},
               {"amount_capturable", 0},
               {"amount_refunded", 0},
               {"currency", "eur"},
               {"livemode", decisions.one_in(2)},
               {"client_secret", "pi_secret"},
               {"payment_intent", "pi_" + std::to_string(decisions.below(4))},
               {"created", 1'800'000'000},
               {"last_payment_error", nullptr},
               {"latest_charge", "ch_1"},
               {"metadata", {{"payment_id", "payment_00000000000000000000000001"}}}};
  if (depth < 2 && decisions.one_in(4)) made["latest_charge"] = object(decisions, depth + 1);
  if (depth < 2 && decisions.one_in(4)) {
    made["data"] = Json::array({object(decisions, depth + 1)});
    made["has_more"] = false;
  }
  for (auto& [name, value] : made.items()) {
    if (decisions.one_in(12)) value = any(decisions);
  }
  return made;
}

std::string payload(Decisions& decisions) {
  if (decisions.one_in(16)) return decisions.all();
  Json event = {{"id", "evt_" + decisions.bytes(8)},
                {"object", "event"},
                {"type", decisions.pick(kEventTypes)},
                {"livemode", decisions.one_in(2)},
                {"created", 1'800'000'000},
                {"data", {{"object", object(decisions)}}}};
  if (decisions.one_in(4)) {
    event["object"] = "v2.core.event";
    event["related_object"] = object(decisions);
  }
  for (auto& [name, value] : event.items()) {
    if (decisions.one_in(24)) value = any(decisions);
  }
  return event.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// An order that waits for the payment of which the webhook may speak.
void place(FuzzedShop& fuzzed, const Caller& buyer) {
  Shop& shop = fuzzed.shop();
  if (!shop.cart().add_item(buyer, {.sku = "TEA"})) return;
  const AddressInput address{.first_name = "Ada",
                             .last_name = "L",
                             .line1 = "1 Main Street",
                             .city = "London",
                             .postal_code = "N1 9GU",
                             .country = "GB"};
  shop.checkout().set_addresses(buyer, {.shipping_address = address}).value();
  const auto methods = shop.checkout().list_shipping_methods(buyer).value();
  shop.checkout().select_shipping_method(buyer, {methods.items.at(0).id}).value();
  const auto placed = shop.checkout().place_order(buyer, {fuzzed.stripe});
  if (placed.has_error()) check_error(placed.error(), fuzzed.transport->body);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t count) {
  static FuzzedShop fuzzed;
  fuzzed.renew_now_and_then();
  Decisions decisions(bytes, count);
  constexpr int statuses[] = {200, 400, 402, 404, 409, 429, 500, 0};
  fuzzed.transport->status = decisions.one_in(2) ? 200 : decisions.pick(statuses);
  fuzzed.transport->body = object(decisions).dump(-1, ' ', false, Json::error_handler_t::replace);
  Shop& shop = fuzzed.shop();
  const Caller buyer = shopper(std::to_string(decisions.below(4)));
  if (decisions.one_in(2)) place(fuzzed, buyer);
  const std::string body = payload(decisions);
  const std::string moment = std::to_string(fuzzed.clock->now().micros / kMicrosPerSecond);
  const std::string signature =
      net::hex(net::hmac_sha256(FuzzedShop::kWebhookSecret, moment + "." + body));
  const auto received = shop.webhooks().receive(
      {.audience = Audience::processor},
      {"stripe", {{"Stripe-Signature", "t=" + moment + ",v1=" + signature}}, body});
  const std::string context =
      body + "\nStripe: " + std::to_string(fuzzed.transport->status) + " " + fuzzed.transport->body;
  if (received.has_error()) check_error(received.error(), context);
  if (decisions.one_in(4)) fuzzed.clock->advance(kMicrosPerHour);
  if (decisions.one_in(2)) shop.run_due_work(20).value();
  return 0;
}
