// Makes the calls to the processor that a payment needs next.
#include "app/advance.hpp"

#include <set>

#include "app/processors.hpp"
#include "app/settlement.hpp"

namespace resys::app {
namespace {

using store::EntryKind;
using store::EntryRow;
using store::PaymentRow;

// A create without a response is not repeated after this time. Nobody has got a client secret from
// it, and the processor may have forgotten its idempotency key (Stripe keeps keys for 24 hours).
constexpr std::int64_t kCreateRepeatedFor = 24 * kMicrosPerHour;

const EntryRow* find_open(const std::vector<EntryRow>& entries, EntryKind kind) {
  for (const EntryRow& entry : entries) {
    const bool is_open = entry.state == RefundState::pending && entry.external_id.empty();
    if (entry.kind == kind && is_open) return &entry;
  }
  return nullptr;
}

bool will_never_be_made(const PaymentRow& payment, Timestamp now) {
  return (payment.closing && payment.open_creates == 0) ||
         now >= payment.created_at.plus(kCreateRepeatedFor);
}

StepKind next_kind(const PaymentRow& payment, const EntryRow* capture, const EntryRow* refund,
                   Ask ask, Timestamp now) {
  if (payment.external_id.empty()) {
    if (is_final(payment.state)) return StepKind::none;
    return will_never_be_made(payment, now) ? StepKind::give_up : StepKind::create;
  }
  // What staff have seen arrive is there, also where the payment is to end; a processor is asked to
  // end it before it takes anything.
  const bool is_to_capture = capture != nullptr && payment.state == PaymentState::authorized;
  if (is_to_capture && (payment.offline || !payment.closing)) return StepKind::capture;
  if (payment.closing && !is_final(payment.state)) return StepKind::cancel;
  if (refund != nullptr) return StepKind::refund;
  return ask == Ask::anyway ? StepKind::fetch : StepKind::none;
}

// The payment's next step, with the rows that the step needs.
Step next_step(db::Transaction& tx, std::string_view store, const PaymentRow& payment,
               const std::vector<EntryRow>& entries, Ask ask, Timestamp now) {
  Step step;
  const EntryRow* capture = find_open(entries, EntryKind::capture);
  const EntryRow* refund = find_open(entries, EntryKind::refund);
  step.kind = next_kind(payment, capture, refund, ask, now);
  if (step.kind == StepKind::none) return step;
  step.payment = payment;
  if (step.kind == StepKind::capture) step.entry = *capture;
  if (step.kind == StepKind::refund) step.entry = *refund;
  step.method = store::find_payment_method(tx, store, payment.payment_method_id).value();
  if (step.kind != StepKind::create) return step;
  const auto order = store::load_order_row(tx, store, payment.order_id).value();
  step.order_number = order.number;
  step.email = order.email;
  return step;
}

Result<Step> first_step(Context& context, const std::string& store, const PaymentId& id, Ask ask) {
  const Timestamp now = context.clock->now();
  return context.database->read([&](db::Transaction& tx) -> Result<Step> {
    const auto payment = store::load_payment(tx, store, id);
    if (!payment) return Error(Errc::not_found, "there is no such payment");
    return next_step(tx, store, *payment, store::load_entries(tx, store, id), ask, now);
  });
}

// Every repetition of a step has the same key, and no other step has it.
std::string idempotency_key(const Step& step) {
  const std::string id = step.payment.id.text();
  switch (step.kind) {
    case StepKind::create:
      return id + "-create-" + std::to_string(step.payment.attempt);
    case StepKind::cancel:
      return id + "-cancel-" + std::to_string(step.payment.attempt);
    default:
      return id + "-" + step.entry.id.text();
  }
}

// Saves the rows at the end of a transaction. Returns the payment's next step.
Step save(db::Transaction& tx, std::string_view store, Settlement& settlement, Timestamp now) {
  settlement.save();
  return next_step(tx, store, settlement.payment(), settlement.entries(), Ask::if_needed, now);
}

// Records what the processor reports without being asked. Only captures and refunds that this
// transaction adds lead to a step, because another caller may be carrying out the others right now.
Result<Step> take_news(db::Transaction& tx, const Context& context, std::string_view store,
                       const PaymentId& payment, const PaymentSnapshot& snapshot,
                       const std::string& sealed_secret, Timestamp now) {
  RESYS_TRY(settlement, Settlement::lock(tx, context, store, payment, now));
  settlement.observe(snapshot, sealed_secret);
  settlement.save();
  if (settlement.payment().external_id.empty()) return Step();
  return next_step(tx, store, settlement.payment(), settlement.added_entries(), Ask::if_needed,
                   now);
}

// Runs `change` in one transaction on the payment. Returns the payment's next step.
template <class Change>
Result<Step> settle(Context& context, const std::string& store, const PaymentId& payment,
                    const Change& change, const Answer& answer = {}) {
  const Timestamp now = context.clock->now();
  return context.database->write([&](db::Transaction& tx) -> Result<Step> {
    RESYS_TRY(settlement, Settlement::lock(tx, context, store, payment, now));
    change(settlement);
    Step next = save(tx, store, settlement, now);
    if (answer) answer(tx, settlement.order(), settlement.payment());
    return next;
  });
}

Result<PaymentSnapshot> call(ProcessorCall& call, const Step& step) {
  const Money amount(step.payment.amount_cents, step.payment.currency);
  PaymentProcessor& processor = call.processor();
  switch (step.kind) {
    case StepKind::create:
      return processor.create_payment(
          call.context(),
          {step.payment.id, step.payment.order_id, step.order_number, amount, step.email,
           step.payment.return_url, idempotency_key(step), step.payment.created_at});
    case StepKind::capture:
      return processor.capture(call.context(), {step.payment.external_id,
                                                Money(step.entry.amount_cents, amount.currency()),
                                                idempotency_key(step)});
    case StepKind::cancel:
      return processor.cancel(call.context(),
                              {step.payment.external_id, amount, idempotency_key(step)});
    default:
      return processor.fetch(call.context(), {step.payment.external_id, amount});
  }
}

// Counts the call before it is made, so that a crash cannot hide it. Returns false if the payment
// is no longer wanted.
Result<bool> begin_create(Context& context, const std::string& store, const PaymentId& payment) {
  bool is_wanted = false;
  RESYS_TRYV(settle(context, store, payment, [&](Settlement& settlement) {
    PaymentRow& row = settlement.payment();
    is_wanted = row.external_id.empty() && !is_final(row.state);
    if (is_wanted) ++row.open_creates;
  }));
  return is_wanted;
}

// Whether the processor has refused the request for good. After any other error it is not known
// whether the request was carried out, or it may work later, so the step is repeated.
bool is_refusal(const Error& error) {
  switch (error.code()) {
    case Errc::payment_declined:
    case Errc::invalid_request:
    case Errc::invalid_state:
    case Errc::unsupported_currency:
      return true;
    default:
      return false;
  }
}

Error take_error(Context& context, const std::string& store, const Step& step, const Error& error,
                 bool was_called = true) {
  const bool is_undone = !was_called || error.code() == Errc::processor_unavailable;
  const auto settled = settle(context, store, step.payment.id, [&](Settlement& settlement) {
    if (is_undone && step.kind == StepKind::create) --settlement.payment().open_creates;
    if (!is_refusal(error) || step.kind == StepKind::fetch) return settlement.postpone();
    switch (step.kind) {
      case StepKind::create:
        // A webhook may have shown in the meantime that an earlier call made the payment.
        return settlement.payment().external_id.empty() ? settlement.fail(error)
                                                        : settlement.postpone();
      case StepKind::capture:
      case StepKind::refund:
        return settlement.refuse(step.entry, error);
      default:
        ++settlement.payment().attempt;
        return settlement.postpone();
    }
  });
  return settled.has_error() ? settled.error() : error;
}

Result<Step> refund(Context& context, const std::string& store, const Step& step,
                    ProcessorCall& call) {
  const auto answer = guarded(context, [&] {
    return call.processor().refund(
        call.context(),
        {step.payment.external_id, step.payment.id, step.entry.id,
         Money(step.entry.amount_cents, step.payment.currency), idempotency_key(step)});
  });
  if (answer.has_error()) return take_error(context, store, step, answer.error());
  const Currency currency = step.payment.currency;
  if (answer.value().currency.value_or(currency) != currency) {
    const Error error(Errc::outcome_unknown, "the processor says another currency");
    return take_error(context, store, step, error);
  }
  return settle(context, store, step.payment.id,
                [&](Settlement& settlement) { settlement.observe(step.entry, answer.value()); });
}

Result<Step> give_up(Context& context, const std::string& store, const Step& step) {
  const Timestamp now = context.clock->now();
  return settle(context, store, step.payment.id, [&](Settlement& settlement) {
    const PaymentRow& row = settlement.payment();
    const Error never(Errc::processor_unavailable, "the processor could not be reached");
    if (row.external_id.empty() && will_never_be_made(row, now)) settlement.fail(never);
  });
}

Result<std::string> seal_client_secret(Context& context, const std::string& store,
                                       const PaymentId& payment, const PaymentSnapshot& snapshot) {
  if (snapshot.client_secret.empty() || !context.secrets.can_seal()) return std::string();
  return context.secrets.seal(*context.random, store, payment.text(), snapshot.client_secret);
}

Result<Step> observe_and(Context& context, const std::string& store, const PaymentId& payment,
                         const PaymentSnapshot& snapshot, const Answer& answer) {
  RESYS_TRY(sealed, seal_client_secret(context, store, payment, snapshot));
  return settle(
      context, store, payment,
      [&](Settlement& settlement) { settlement.observe(snapshot, sealed); }, answer);
}

// Calls the processor and records its report. Returns the next step.
Result<Step> take_call(Context& context, const std::string& store, const Step& step,
                       const Answer& answer = {}) {
  auto processor_call = ProcessorCall::make(context, store, step.method);
  if (processor_call.has_error()) {
    return take_error(context, store, step, processor_call.error(), false);
  }
  ProcessorCall& ready = *processor_call.value();
  if (step.kind == StepKind::refund) return refund(context, store, step, ready);
  const auto said = guarded(context, [&] { return call(ready, step); });
  if (said.has_error()) return take_error(context, store, step, said.error());
  RESYS_TRY(next, observe_and(context, store, step.payment.id, said.value(), answer));
  if (step.kind != StepKind::cancel || is_final(said.value().state)) return std::move(next);
  // The payment could not be canceled. Under the same key the processor would only repeat that, so
  // the next attempt gets another key.
  return settle(context, store, step.payment.id,
                [](Settlement& settlement) { ++settlement.payment().attempt; });
}

Result<Step> take(Context& context, const std::string& store, const Step& step) {
  if (step.kind == StepKind::give_up) return give_up(context, store, step);
  if (step.kind == StepKind::create) {
    RESYS_TRY(is_wanted, begin_create(context, store, step.payment.id));
    if (!is_wanted) return Step();
  }
  return take_call(context, store, step);
}

std::string name_of(const Step& step) {
  return std::to_string(static_cast<int>(step.kind)) + step.entry.id.text();
}

// `taken` holds the names of the steps that were already carried out.
Result<void> go_on(Context& context, const std::string& store, Step step,
                   std::set<std::string> taken) {
  while (step.kind != StepKind::none) {
    // The processor's response has not changed what is needed, so background work asks again later.
    if (!taken.insert(name_of(step)).second) return success();
    RESYS_TRY(next, take(context, store, step));
    step = std::move(next);
  }
  return success();
}

}  // namespace

Result<void> advance(Context& context, const std::string& store, Step step) {
  return go_on(context, store, std::move(step), {});
}

Result<void> advance_placed(Context& context, const std::string& store, Step step,
                            const Answer& answer) {
  RESYS_TRY(next, take_call(context, store, step, answer));
  if (next.kind == StepKind::none) return success();
  RESYS_TRYV(go_on(context, store, std::move(next), {name_of(step)}));
  return context.database->read([&](db::Transaction& tx) -> Result<void> {
    answer(tx, store::load_order_row(tx, store, step.payment.order_id).value(),
           store::load_payment(tx, store, step.payment.id).value());
    return success();
  });
}

Result<void> advance(Context& context, const std::string& store, const PaymentId& payment,
                     Ask ask) {
  RESYS_TRY(step, first_step(context, store, payment, ask));
  return advance(context, store, std::move(step));
}

Result<void> told_to_shopper(Context& context, const PaymentId& payment,
                             const Result<void>& advanced) {
  if (advanced.has_value()) return success();
  const Errc code = advanced.error().code();
  if (code != Errc::processor_unavailable && code != Errc::outcome_unknown) return advanced.error();
  context.log->write(LogLevel::warning, payment.text() + ": " + advanced.error().message());
  Error told(code, code == Errc::outcome_unknown ? "it is not known yet what became of the payment"
                                                 : "the payment processor cannot be reached now");
  for (const Fact& fact : advanced.error().facts()) {
    if (fact.name == kHostDataFact) told = std::move(told).with(fact);
  }
  return told;
}

Result<Step> observe(Context& context, const std::string& store, const PaymentId& payment,
                     const PaymentSnapshot& snapshot) {
  RESYS_TRY(sealed, seal_client_secret(context, store, payment, snapshot));
  const Timestamp now = context.clock->now();
  return context.database->write([&](db::Transaction& tx) -> Result<Step> {
    return take_news(tx, context, store, payment, snapshot, sealed, now);
  });
}

Result<Step> observe(db::Transaction& tx, Context& context, std::string_view store,
                     const PaymentId& payment, const PaymentSnapshot& snapshot,
                     const store::WebhookRow& webhook, Timestamp now) {
  if (!store::insert_webhook(tx, store, webhook)) return Step();
  return take_news(tx, context, store, payment, snapshot, {}, now);
}

}  // namespace resys::app
