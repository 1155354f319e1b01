// Makes the calls to the processor that a payment needs next.
#include "order/advance.hpp"

#include <set>

#include "order/locked_payment.hpp"
#include "order/order_view.hpp"
#include "payment/processors.hpp"

namespace resys::app {
namespace {

using rows::EntryKind;
using rows::EntryRow;
using rows::PaymentRow;

// The payment's next step, with the rows that the step needs.
Step next_step(const Scope& scope, const PaymentRow& payment, const std::vector<EntryRow>& entries,
               Ask ask) {
  Step step;
  const NextCall next = next_call(payment, entries, ask, scope.now);
  step.kind = next.kind;
  if (step.kind == StepKind::none) return step;
  step.payment = payment;
  if (next.entry != nullptr) step.entry = *next.entry;
  step.method = rows::find_payment_method(scope, payment.payment_method_id).value();
  if (step.kind != StepKind::create) return step;
  const auto order = rows::load_order_row(scope, payment.order_id).value();
  step.order_number = order.number;
  step.email = order.email;
  return step;
}

Result<Step> first_step(Context& context, const std::string& store, const PaymentId& id, Ask ask) {
  return context.read(store, [&](const Scope& scope) -> Result<Step> {
    const auto payment = rows::load_payment(scope, id);
    if (!payment) return Error(Errc::not_found, "there is no such payment");
    return next_step(scope, *payment, rows::load_entries(scope, id), ask);
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

// Writes the update. Returns the payment's next step.
Step save_and_go_on(const Scope& scope, PaymentUpdate& update) {
  save(scope, update);
  return next_step(scope, update.payment(), update.entries(), Ask::if_needed);
}

// Records what the processor reports without being asked. Only captures and refunds that this
// transaction adds lead to a step, because another caller may be carrying out the others right now.
Result<Step> apply_report(const Scope& scope, const PaymentId& payment,
                          const PaymentSnapshot& snapshot, const std::string& sealed_secret) {
  RESYS_TRY(update, lock_and_apply_snapshot(scope, payment, snapshot, sealed_secret));
  save(scope, update);
  if (update.payment().external_id.empty()) return Step();
  return next_step(scope, update.payment(), update.added_entries(), Ask::if_needed);
}

// Runs `body` in one transaction on the payment. Returns the payment's next step.
template <class Change>
Result<Step> change(Context& context, const std::string& store, const PaymentId& payment,
                    const Change& body) {
  return context.write(store, [&](const Scope& scope) -> Result<Step> {
    RESYS_TRY(update, lock_payment(scope, payment));
    body(update);
    return save_and_go_on(scope, update);
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
  RESYS_TRYV(change(context, store, payment, [&](PaymentUpdate& update) {
    PaymentRow& row = update.payment();
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
  const auto settled = change(context, store, step.payment.id, [&](PaymentUpdate& update) {
    if (is_undone && step.kind == StepKind::create) --update.payment().open_creates;
    if (!is_refusal(error) || step.kind == StepKind::fetch) return update.postpone();
    switch (step.kind) {
      case StepKind::create:
        // A webhook may have shown in the meantime that an earlier call made the payment.
        return update.payment().external_id.empty() ? update.fail(error) : update.postpone();
      case StepKind::capture:
      case StepKind::refund:
        return update.refuse(step.entry, error);
      default:
        ++update.payment().attempt;
        return update.postpone();
    }
  });
  return settled.has_error() ? settled.error() : error;
}

Result<Step> refund(Context& context, const std::string& store, const Step& step) {
  const auto call = ProcessorCall::make(context, store, step.method);
  if (call.has_error()) return take_error(context, store, step, call.error(), false);
  const auto answer = guarded(context, [&] {
    return call.value()->processor().refund(
        call.value()->context(),
        {step.payment.external_id, step.payment.id, step.entry.id,
         Money(step.entry.amount_cents, step.payment.currency), idempotency_key(step)});
  });
  if (answer.has_error()) return take_error(context, store, step, answer.error());
  const Currency currency = step.payment.currency;
  if (answer.value().currency.value_or(currency) != currency) {
    const Error error(Errc::outcome_unknown, "the processor says another currency");
    return take_error(context, store, step, error);
  }
  return change(context, store, step.payment.id,
                [&](PaymentUpdate& update) { update.apply_refund(step.entry, answer.value()); });
}

Result<Step> give_up(Context& context, const std::string& store, const Step& step) {
  const Timestamp now = context.clock->now();
  return change(context, store, step.payment.id, [&](PaymentUpdate& update) {
    const PaymentRow& row = update.payment();
    const Error never(Errc::processor_unavailable, "the processor could not be reached");
    if (row.external_id.empty() && will_never_be_made(row, now)) update.fail(never);
  });
}

Result<std::string> seal_client_secret(Context& context, const std::string& store,
                                       const PaymentId& payment, const PaymentSnapshot& snapshot) {
  if (snapshot.client_secret.empty() || !context.secrets.can_seal()) return std::string();
  return context.secrets.seal(*context.random, store, payment.text(), snapshot.client_secret);
}

// Makes the call. An error is recorded.
Result<PaymentSnapshot> call_processor(Context& context, const std::string& store,
                                       const Step& step) {
  auto ready = ProcessorCall::make(context, store, step.method);
  if (ready.has_error()) return take_error(context, store, step, ready.error(), false);
  auto said = guarded(context, [&] { return call(*ready.value(), step); });
  if (said.has_error()) return take_error(context, store, step, said.error());
  return said;
}

// Calls the processor and records its report. Returns the next step.
Result<Step> take_call(Context& context, const std::string& store, const Step& step) {
  RESYS_TRY(said, call_processor(context, store, step));
  const PaymentId& payment = step.payment.id;
  RESYS_TRY(sealed, seal_client_secret(context, store, payment, said));
  RESYS_TRY(next, context.write(store, [&](const Scope& scope) -> Result<Step> {
    RESYS_TRY(update, lock_and_apply_snapshot(scope, payment, said, sealed));
    return save_and_go_on(scope, update);
  }));
  if (step.kind != StepKind::cancel || is_final(said.state)) return std::move(next);
  // The payment could not be canceled. Under the same key the processor would only repeat that, so
  // the next attempt gets another key.
  return change(context, store, payment, [](PaymentUpdate& update) { ++update.payment().attempt; });
}

Result<Step> take(Context& context, const std::string& store, const Step& step) {
  if (step.kind == StepKind::give_up) return give_up(context, store, step);
  if (step.kind == StepKind::refund) return refund(context, store, step);
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

Result<Placed> load_placed(const Scope& scope, const OrderId& order, const PaymentId& payment) {
  RESYS_TRY(loaded, load_order(scope, order));
  Placed placed{std::move(loaded), std::nullopt};
  if (!payment.empty()) placed.payment = rows::load_payment(scope, payment).value();
  return placed;
}

Result<Placed> advance_create(Context& context, const std::string& store, const Step& create) {
  RESYS_TRY(said, call_processor(context, store, create));
  const PaymentId& payment = create.payment.id;
  RESYS_TRY(sealed, seal_client_secret(context, store, payment, said));
  Step next;
  RESYS_TRY(placed, context.write(store, [&](const Scope& scope) -> Result<Placed> {
    RESYS_TRY(update, lock_and_apply_snapshot(scope, payment, said, sealed));
    next = save_and_go_on(scope, update);
    return Placed{view_order(scope, update.order()), update.payment()};
  }));
  if (next.kind == StepKind::none) return std::move(placed);
  RESYS_TRYV(go_on(context, store, std::move(next), {name_of(create)}));
  return context.read(store, [&](const Scope& scope) {
    return load_placed(scope, create.payment.order_id, payment);
  });
}

Result<void> advance(Context& context, const std::string& store, const PaymentId& payment,
                     Ask ask) {
  RESYS_TRY(step, first_step(context, store, payment, ask));
  return advance(context, store, std::move(step));
}

Error shopper_error(Context& context, const PaymentId& payment, const Error& error) {
  const Errc code = error.code();
  if (code != Errc::processor_unavailable && code != Errc::outcome_unknown) return error;
  context.log->write(LogLevel::warning, payment.text() + ": " + error.message());
  Error shown(code, code == Errc::outcome_unknown ? "it is not known yet what became of the payment"
                                                  : "the payment processor cannot be reached now");
  for (const Fact& fact : error.facts()) {
    if (fact.name == kHostDataFact) shown = std::move(shown).with(fact);
  }
  return shown;
}

Result<void> shopper_result(Context& context, const PaymentId& payment,
                            const Result<void>& advanced) {
  if (advanced.has_value()) return success();
  return shopper_error(context, payment, advanced.error());
}

Result<Step> apply_snapshot(Context& context, const std::string& store, const PaymentId& payment,
                            const PaymentSnapshot& snapshot) {
  RESYS_TRY(sealed, seal_client_secret(context, store, payment, snapshot));
  return context.write(store, [&](const Scope& scope) -> Result<Step> {
    return apply_report(scope, payment, snapshot, sealed);
  });
}

Result<Step> apply_webhook(const Scope& scope, const PaymentId& payment,
                           const PaymentSnapshot& snapshot, const rows::WebhookRow& webhook) {
  if (!rows::insert_webhook(scope, webhook)) return Step();
  return apply_report(scope, payment, snapshot, {});
}

}  // namespace resys::app
