// A webhook's payload is lines of a name, '=' and a value:
//
//   id=evt_7                    unique
//   type=payment
//   intent=pi_3                 may be missing: about no payment
//   payment=payment_01h4...     the shop's own; may be missing
//   state=captured              present if the event is final; then also
//   currency=EUR amount=1580 captured=1580   (each on a line of its own)
//
// Its signature is the header "model-signature": hex of the HMAC of the payload.
#include "support/model_processor.hpp"

#include <algorithm>
#include <stdexcept>

#include "base/crypto.hpp"

namespace resys::test {
namespace {

constexpr const char* kSignature = "model-signature";

bool is_open(PaymentState state) {
  return state == PaymentState::created || state == PaymentState::requires_action;
}

std::int64_t refunded(const PaymentSnapshot& intent, bool with_pending) {
  std::int64_t sum = 0;
  for (const RefundSnapshot& refund : intent.refunds) {
    const bool counts = refund.state == RefundState::succeeded ||
                        (with_pending && refund.state == RefundState::pending);
    if (counts) sum += refund.amount_cents;
  }
  return sum;
}

void take(PaymentSnapshot& intent) {
  intent.state = PaymentState::captured;
  intent.captured_cents = intent.amount_cents;
  intent.authorized_cents = 0;
  intent.decline_code.clear();
  intent.decline_message.clear();
}

std::map<std::string, std::string> read_lines(const std::string& text) {
  std::map<std::string, std::string> lines;
  std::size_t begin = 0;
  while (begin < text.size()) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    const std::size_t mark = line.find('=');
    if (mark != std::string::npos) lines[line.substr(0, mark)] = line.substr(mark + 1);
    begin = end + 1;
  }
  return lines;
}

}  // namespace

// ---- the script

void ModelProcessor::fail(Call call, Fault fault, int times) {
  const std::lock_guard lock(mutex_);
  for (int i = 0; i < times; ++i) faults_[call].push_back(fault);
}

void ModelProcessor::forgive() {
  const std::lock_guard lock(mutex_);
  faults_.clear();
  before_answer_.clear();
  down_ = false;
}

void ModelProcessor::set_down(bool down) {
  const std::lock_guard lock(mutex_);
  down_ = down;
}

void ModelProcessor::before_answer(Call call, std::function<void()> action) {
  const std::lock_guard lock(mutex_);
  before_answer_[call] = std::move(action);
}

void ModelProcessor::tamper(std::function<void(PaymentSnapshot&)> change) {
  const std::lock_guard lock(mutex_);
  tamper_ = std::move(change);
}

void ModelProcessor::capture_by_hand(bool by_hand) {
  const std::lock_guard lock(mutex_);
  by_hand_ = by_hand;
}

void ModelProcessor::set_step(std::int64_t cents) {
  const std::lock_guard lock(mutex_);
  step_ = cents;
}

Result<void> ModelProcessor::accepts(Money amount) const {
  const std::int64_t step = step_cents(amount.currency());
  if (amount.minor() % step == 0) return success();
  return Error(Errc::unsupported_currency, "larger steps only").with("stepCents", step);
}

std::int64_t ModelProcessor::step_cents(Currency) const {
  const std::lock_guard lock(mutex_);
  return step_;
}

void ModelProcessor::answer_refunds(RefundState state) {
  const std::lock_guard lock(mutex_);
  refund_state_ = state;
}

// ---- the buyer, the bank and the processor's own staff

std::string ModelProcessor::intent_of(const PaymentId& payment) const {
  const std::lock_guard lock(mutex_);
  for (const auto& [id, intent] : intents_) {
    if (intent.payment_id == payment.text()) return id;
  }
  return {};
}

bool ModelProcessor::pay(const std::string& intent) {
  const std::lock_guard lock(mutex_);
  Intent& paid = find(intent);
  if (!is_open(paid.state)) return false;
  if (by_hand_) {
    paid.state = PaymentState::authorized;
    paid.authorized_cents = paid.amount_cents;
  } else {
    take(paid);
  }
  return true;
}

void ModelProcessor::decline(const std::string& intent, const std::string& code) {
  const std::lock_guard lock(mutex_);
  Intent& declined = find(intent);
  if (!is_open(declined.state) && declined.state != PaymentState::processing) return;
  declined.state = PaymentState::created;
  declined.decline_code = code;
  declined.decline_message = "Your card was declined";
}

void ModelProcessor::set_state(const std::string& intent, PaymentState state) {
  const std::lock_guard lock(mutex_);
  Intent& changed = find(intent);
  if (is_open(changed.state) || changed.state == PaymentState::processing) changed.state = state;
}

void ModelProcessor::take_money(const std::string& intent) {
  const std::lock_guard lock(mutex_);
  Intent& taken = find(intent);
  const bool is_new = taken.state != PaymentState::captured;
  if (is_new) take(taken);
}

void ModelProcessor::take_other(const std::string& intent, std::int64_t cents) {
  const std::lock_guard lock(mutex_);
  Intent& taken = find(intent);
  take(taken);
  taken.captured_cents = cents;
}

void ModelProcessor::void_here(const std::string& intent) {
  const std::lock_guard lock(mutex_);
  Intent& ended = find(intent);
  if (!is_open(ended.state)) return;
  ended.state = PaymentState::voided;
}

void ModelProcessor::lose_authorization(const std::string& intent) {
  const std::lock_guard lock(mutex_);
  Intent& lost = find(intent);
  if (lost.state != PaymentState::authorized) return;
  lost.state = PaymentState::voided;
  lost.authorized_cents = 0;
}

std::string ModelProcessor::refund_here(const std::string& intent, std::int64_t cents,
                                        RefundState state) {
  const std::lock_guard lock(mutex_);
  Intent& refunded_one = find(intent);
  const std::string id = "re_" + std::to_string(++numbers_);
  refunded_one.refunds.push_back({id, {}, state, cents});
  return id;
}

void ModelProcessor::settle_refunds(const std::string& intent, RefundState state) {
  const std::lock_guard lock(mutex_);
  for (RefundSnapshot& refund : find(intent).refunds) {
    if (refund.state == RefundState::pending) refund.state = state;
  }
}

void ModelProcessor::fail_refunds(const std::string& intent) {
  const std::lock_guard lock(mutex_);
  for (RefundSnapshot& refund : find(intent).refunds) refund.state = RefundState::failed;
}

// ---- webhooks

ReceiveWebhook ModelProcessor::sign(const std::string& payload, const std::string& secret) const {
  return {.target = name_,
          .headers = {{kSignature, net::hex(net::hmac_sha256(secret, payload))}},
          .payload = payload};
}

ReceiveWebhook ModelProcessor::event(const std::string& intent, const std::string& type) {
  const std::lock_guard lock(mutex_);
  const Intent about = shown(find(intent));
  std::string payload = "id=evt_" + std::to_string(++numbers_) + "\ntype=" + type +
                        "\nintent=" + intent + "\npayment=" + about.payment_id + "\n";
  const bool is_final =
      about.state == PaymentState::captured || about.state == PaymentState::voided;
  // Events about refunds and disputes never say all.
  if (is_final && type == "payment") {
    payload += "state=" + std::string(name_of(about.state)) +
               "\ncurrency=" + std::string(about.currency.code()) +
               "\namount=" + std::to_string(about.amount_cents) +
               "\ncaptured=" + std::to_string(about.captured_cents) + "\n";
  }
  return sign(payload);
}

ReceiveWebhook ModelProcessor::webhook(const std::string& intent, std::string type) {
  return event(intent, type);
}

ReceiveWebhook ModelProcessor::dispute(const std::string& intent, const std::string& status) {
  {
    const std::lock_guard lock(mutex_);
    find(intent).dispute_status = status;
  }
  return event(intent, "dispute");
}

Result<WebhookEvent> ModelProcessor::parse_webhook(const ProcessorContext& context,
                                                   const ReceiveWebhook& request) {
  const std::string secret(context.setting("webhookSecret"));
  const std::string_view signature = find_header(request.headers, kSignature);
  if (secret.empty() || signature != net::hex(net::hmac_sha256(secret, request.payload))) {
    return Error(Errc::invalid_signature, "not signed with this secret");
  }
  auto lines = read_lines(request.payload);
  if (lines["id"].empty()) return Error(Errc::invalid_request, "an event has an id").at("id");
  WebhookEvent event{.event_id = lines["id"],
                     .type = lines["type"],
                     .external_payment_id = lines["intent"],
                     .payment_id = lines["payment"],
                     .snapshot = {}};
  if (lines.count("state") != 0) {
    PaymentSnapshot& snapshot = event.snapshot.emplace();
    snapshot.external_id = lines["intent"];
    snapshot.payment_id = lines["payment"];
    snapshot.state = parse_name<PaymentState>(lines["state"]).value();
    snapshot.currency = Currency::parse(lines["currency"]).value();
    snapshot.amount_cents = std::stoll(lines["amount"]);
    snapshot.captured_cents = std::stoll(lines["captured"]);
  }
  return event;
}

// ---- the ledger

std::vector<ModelProcessor::Made> ModelProcessor::calls(Call call) const {
  const std::lock_guard lock(mutex_);
  std::vector<Made> found;
  std::copy_if(calls_.begin(), calls_.end(), std::back_inserter(found),
               [call](const Made& made) { return made.call == call; });
  return found;
}

std::vector<PaymentSnapshot> ModelProcessor::intents() const {
  const std::lock_guard lock(mutex_);
  std::vector<PaymentSnapshot> all;
  for (const auto& [id, intent] : intents_) all.push_back(intent);
  return all;
}

std::set<std::string> ModelProcessor::order_numbers(const std::string& store) const {
  const std::lock_guard lock(mutex_);
  const auto found = order_numbers_.find(store);
  return found == order_numbers_.end() ? std::set<std::string>() : found->second;
}

PaymentSnapshot ModelProcessor::intent(const std::string& external_id) const {
  const std::lock_guard lock(mutex_);
  return intents_.at(external_id);
}

ModelProcessor::Intent& ModelProcessor::find(const std::string& external_id) {
  const auto found = intents_.find(external_id);
  if (found == intents_.end()) throw std::logic_error("the model has no intent " + external_id);
  return found->second;
}

PaymentSnapshot ModelProcessor::shown(const Intent& intent) const {
  PaymentSnapshot snapshot = intent;
  if (tamper_) tamper_(snapshot);
  return snapshot;
}

// ---- the port

Fault ModelProcessor::next_fault(Call call) {
  if (down_) return Fault::unreachable;
  auto& planned = faults_[call];
  if (planned.empty()) return Fault::none;
  const Fault fault = planned.front();
  planned.pop_front();
  return fault;
}

template <class Answer>
Result<Answer> ModelProcessor::answer(Call call, const std::string& key, const std::string& intent,
                                      const std::function<Result<Answer>()>& effect) {
  std::unique_lock lock(mutex_);
  calls_.push_back({call, key, intent});
  const Fault fault = next_fault(call);
  const Error unknown(Errc::outcome_unknown, "the call timed out");
  const Error refusal(Errc::invalid_request, "refused for good");
  switch (fault) {
    case Fault::lost_request:
      return unknown;
    case Fault::unreachable:
      return Error(Errc::processor_unavailable, "no connection");
    case Fault::refused:
      if (answers_.count(key) == 0 && refund_answers_.count(key) == 0) return refusal;
      break;
    case Fault::broken:
      return Error(Errc::internal, "this makes no sense");
    case Fault::crash_before:
      throw Crash();
    default:
      break;
  }
  Result<Answer> answered = fault == Fault::refused_late ? Result<Answer>(refusal) : effect();
  std::function<void()> action;
  std::swap(action, before_answer_[call]);
  lock.unlock();
  if (action) action();
  if (fault == Fault::crash_after) throw Crash();
  if (fault == Fault::lost_answer) return unknown;
  return answered;
}

Result<PaymentSnapshot> ModelProcessor::create_payment(const ProcessorContext& context,
                                                       const CreatePayment& request) {
  const auto effect = [&]() -> Result<PaymentSnapshot> {
    order_numbers_[std::string(context.store)].insert(request.order_number);
    const std::string& key = request.idempotency_key;
    if (const auto known = answers_.find(key); known != answers_.end()) return shown(known->second);
    Intent intent;
    intent.external_id = "pi_" + std::to_string(++numbers_);
    intent.currency = request.amount.currency();
    intent.amount_cents = request.amount.minor();
    intent.client_secret = intent.external_id + "_secret";
    intent.payment_id = request.payment_id.text();
    intent.refunds_known = true;
    intents_[intent.external_id] = intent;
    answers_[key] = intent;
    return shown(intent);
  };
  return answer<PaymentSnapshot>(Call::create, request.idempotency_key, {}, effect);
}

Result<PaymentSnapshot> ModelProcessor::capture(const ProcessorContext&,
                                                const CapturePayment& request) {
  const auto effect = [&]() -> Result<PaymentSnapshot> {
    Intent& intent = find(request.external_id);
    const bool is_due = answers_.count(request.idempotency_key) == 0 &&
                        intent.state == PaymentState::authorized &&
                        request.amount.minor() <= intent.authorized_cents;
    if (is_due) {
      take(intent);
      intent.captured_cents = request.amount.minor();
    }
    answers_.emplace(request.idempotency_key, intent);
    return shown(intent);
  };
  return answer<PaymentSnapshot>(Call::capture, request.idempotency_key, request.external_id,
                                 effect);
}

// A repeated key has no effect of its own, also where the first one had none.
Result<PaymentSnapshot> ModelProcessor::cancel(const ProcessorContext&,
                                               const CancelPayment& request) {
  const auto effect = [&]() -> Result<PaymentSnapshot> {
    Intent& intent = find(request.external_id);
    const bool is_new = answers_.emplace(request.idempotency_key, intent).second;
    if (is_new && (is_open(intent.state) || intent.state == PaymentState::authorized)) {
      intent.state = PaymentState::voided;
      intent.authorized_cents = 0;
    }
    return shown(intent);
  };
  return answer<PaymentSnapshot>(Call::cancel, request.idempotency_key, request.external_id,
                                 effect);
}

Result<RefundSnapshot> ModelProcessor::refund(const ProcessorContext&,
                                              const RefundPayment& request) {
  const auto effect = [&]() -> Result<RefundSnapshot> {
    const std::string& key = request.idempotency_key;
    const auto known = refund_answers_.find(key);
    if (known != refund_answers_.end()) return known->second;
    Intent& intent = find(request.external_id);
    if (request.amount.minor() > intent.captured_cents - refunded(intent, true)) {
      return Error(Errc::invalid_request, "more than was captured");
    }
    const RefundSnapshot made{"re_" + std::to_string(++numbers_), request.refund_id, refund_state_,
                              request.amount.minor()};
    intent.refunds.push_back(made);
    refund_answers_[key] = made;
    return made;
  };
  return answer<RefundSnapshot>(Call::refund, request.idempotency_key, request.external_id, effect);
}

Result<PaymentSnapshot> ModelProcessor::fetch(const ProcessorContext&,
                                              const FetchPayment& request) {
  const auto effect = [&]() -> Result<PaymentSnapshot> { return shown(find(request.external_id)); };
  return answer<PaymentSnapshot>(Call::fetch, {}, request.external_id, effect);
}

// ---- what must agree

namespace {

struct Known {
  std::int64_t intents = 0;
  std::int64_t captured = 0;
  std::int64_t refunded = 0;
  std::int64_t pending = 0;
  bool is_open = false;
};

std::map<std::string, Known> known_of(const ModelProcessor& processor) {
  std::map<std::string, Known> known;
  for (const PaymentSnapshot& intent : processor.intents()) {
    Known& payment = known[intent.payment_id];
    ++payment.intents;
    payment.captured += intent.captured_cents;
    payment.refunded += refunded(intent, false);
    payment.pending += refunded(intent, true) - refunded(intent, false);
    payment.is_open |=
        intent.state != PaymentState::captured && intent.state != PaymentState::voided;
  }
  return known;
}

std::string compare(const OrderPayment& shop, const Known& model) {
  const bool ended = shop.state == PaymentState::failed || shop.state == PaymentState::voided;
  if (model.intents > 1) return "has several intents";
  if (shop.captured_cents != model.captured) {
    return "captured " + std::to_string(model.captured) + ", not " +
           std::to_string(shop.captured_cents);
  }
  if (shop.refunded_cents != model.refunded) {
    return "refunded " + std::to_string(model.refunded) + ", not " +
           std::to_string(shop.refunded_cents);
  }
  if (shop.refund_pending_cents != model.pending) {
    return "refunds " + std::to_string(model.pending) + ", not " +
           std::to_string(shop.refund_pending_cents);
  }
  if (ended && model.is_open) return "can still be paid";
  return {};
}

std::string judge(const Order& order, std::int64_t kept) {
  const bool is_paid_for = order.state == OrderState::complete ||
                           order.state == OrderState::payment || order.state == OrderState::confirm;
  if (!is_paid_for && kept != 0) return "keeps " + std::to_string(kept) + " for nothing";
  if (kept != order.paid_cents) return "was paid " + std::to_string(kept);
  if (kept > order.total_cents) return "has cost " + std::to_string(kept);
  if (kept == order.total_cents && kept > 0 && order.state != OrderState::complete) {
    return "is paid and not complete";
  }
  return {};
}

// Those that are listed, and those that were placed once.
std::vector<Order> all_orders(Shop& shop, const ModelProcessor& processor,
                              const std::string& store) {
  const Caller staff{.store = store, .user_id = "auditor", .audience = Audience::staff};
  std::set<std::string> unlisted = processor.order_numbers(store);
  std::vector<Order> all;
  ListAllOrders page{.limit = 200};
  do {
    auto found = shop.admin().orders().list(staff, page).value();
    for (Order& order : found.items) {
      unlisted.erase(order.number);
      all.push_back(std::move(order));
    }
    page.after = found.next_after;
  } while (page.after);
  for (const std::string& number : unlisted) {
    all.push_back(shop.admin().orders().get(staff, {number}).value());
  }
  return all;
}

}  // namespace

std::vector<std::string> disagreements(Shop& shop, const ModelProcessor& processor,
                                       const std::string& store) {
  auto known = known_of(processor);
  std::vector<std::string> found;
  const auto tell = [&](const std::string& who, const std::string& what) {
    if (!what.empty()) found.push_back(who + " " + what);
  };
  for (const Order& order : all_orders(shop, processor, store)) {
    std::int64_t kept = 0;
    for (const OrderPayment& payment : order.payments) {
      kept += payment.captured_cents - payment.refunded_cents - payment.refund_pending_cents;
      if (payment.processor != processor.name()) continue;
      const Known model = known[payment.id.text()];
      known.erase(payment.id.text());
      tell(
          order.number + " " + payment.id.text() + " (" + std::string(name_of(payment.state)) + ")",
          compare(payment, model));
    }
    tell(order.number + " (" + std::string(name_of(order.state)) + ")", judge(order, kept));
  }
  for (const auto& [payment, model] : known) {
    if (model.captured != 0) tell(payment, "is unknown to the shop and has taken money");
  }
  return found;
}

}  // namespace resys::test
