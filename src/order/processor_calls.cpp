// Makes the calls to the processor that a payment needs next.
#include "order/processor_calls.hpp"

#include <set>
#include <utility>

#include "order/locked_payment.hpp"
#include "order/order_view.hpp"
#include "payment/processors.hpp"

namespace resys::app {
namespace {

using rows::EntryRow;
using rows::PaymentRow;

// The payment's next call, with the rows that the call needs.
ProcessorCall load_next_call(const Scope& scope, const PaymentRow& payment,
                             const std::vector<EntryRow>& entries, Ask ask) {
  ProcessorCall call;
  const NextCall next = next_call(payment, entries, ask, scope.now);
  call.kind = next.kind;
  if (call.kind == CallKind::none) return call;
  call.payment = payment;
  if (next.entry != nullptr) call.entry = *next.entry;
  call.method = rows::find_payment_method(scope, payment.payment_method_id).value();
  if (call.kind != CallKind::create) return call;
  const auto order = rows::load_order_row(scope, payment.order_id).value();
  call.order_number = order.number;
  call.email = order.email;
  return call;
}

Result<ProcessorCall> first_call(Context& context, const std::string& store, const PaymentId& id,
                                 Ask ask) {
  return context.read(store, [&](const Scope& scope) -> Result<ProcessorCall> {
    const auto payment = rows::load_payment(scope, id);
    if (!payment) return Error(Errc::not_found, "there is no such payment");
    return load_next_call(scope, *payment, rows::load_entries(scope, id), ask);
  });
}

// Every repetition of a call has the same key, and no other call has it.
std::string idempotency_key(const ProcessorCall& call) {
  const std::string id = call.payment.id.text();
  switch (call.kind) {
    case CallKind::create:
      return id + "-create-" + std::to_string(call.payment.attempt);
    case CallKind::cancel:
      return id + "-cancel-" + std::to_string(call.payment.attempt);
    default:
      return id + "-" + call.entry.id.text();
  }
}

// Writes the update. Returns the payment's next call.
ProcessorCall save_and_load_next_call(const Scope& scope, PaymentUpdate& update) {
  save(scope, update);
  return load_next_call(scope, update.payment(), update.entries(), Ask::if_needed);
}

// Records what the processor reports without being asked. Only captures and refunds that this
// transaction adds lead to a call, because another caller may be carrying out the others right now.
Result<ProcessorCall> apply_report(const Scope& scope, const PaymentId& payment,
                                   const PaymentSnapshot& snapshot,
                                   const std::string& sealed_secret) {
  RESYS_TRY(update, lock_and_apply_snapshot(scope, payment, snapshot, sealed_secret));
  save(scope, update);
  if (update.payment().external_id.empty()) return ProcessorCall();
  return load_next_call(scope, update.payment(), update.added_entries(), Ask::if_needed);
}

// Runs `body` in one transaction on the payment. Returns the payment's next call.
template <class Change>
Result<ProcessorCall> change(Context& context, const std::string& store, const PaymentId& payment,
                             const Change& body) {
  return context.write(store, [&](const Scope& scope) -> Result<ProcessorCall> {
    RESYS_TRY(update, lock_payment(scope, payment));
    body(update);
    return save_and_load_next_call(scope, update);
  });
}

Result<PaymentSnapshot> make_call(ReadyProcessor& ready, const ProcessorCall& call) {
  const Money amount(call.payment.amount_cents, call.payment.currency);
  PaymentProcessor& processor = ready.processor();
  const ProcessorContext& context = ready.context();
  switch (call.kind) {
    case CallKind::create:
      return processor.create_payment(
          context, {call.payment.id, call.payment.order_id, call.order_number, amount, call.email,
                    call.payment.return_url, idempotency_key(call), call.payment.created_at});
    case CallKind::capture:
      return processor.capture(
          context, {call.payment.external_id, Money(call.entry.amount_cents, amount.currency()),
                    idempotency_key(call)});
    case CallKind::cancel:
      return processor.cancel(context, {call.payment.external_id, amount, idempotency_key(call)});
    default:
      return processor.fetch(context, {call.payment.external_id, amount});
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
// whether the request was carried out, or it may work later, so the call is repeated.
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

Error record_error(Context& context, const std::string& store, const ProcessorCall& call,
                   const Error& error, bool was_called = true) {
  const bool is_undone = !was_called || error.code() == Errc::processor_unavailable;
  const auto recorded = change(context, store, call.payment.id, [&](PaymentUpdate& update) {
    if (is_undone && call.kind == CallKind::create) --update.payment().open_creates;
    if (!is_refusal(error) || call.kind == CallKind::fetch) return update.postpone();
    switch (call.kind) {
      case CallKind::create:
        // A webhook may have shown in the meantime that an earlier call made the payment.
        return update.payment().external_id.empty() ? update.fail(error) : update.postpone();
      case CallKind::capture:
      case CallKind::refund:
        return update.refuse(call.entry, error);
      default:
        ++update.payment().attempt;
        return update.postpone();
    }
  });
  return recorded.has_error() ? recorded.error() : error;
}

Result<ProcessorCall> refund(Context& context, const std::string& store,
                             const ProcessorCall& call) {
  const auto ready = ReadyProcessor::make(context, store, call.method);
  if (ready.has_error()) return record_error(context, store, call, ready.error(), false);
  const auto refunded = guarded(context, [&] {
    return ready.value()->processor().refund(
        ready.value()->context(),
        {call.payment.external_id, call.payment.id, call.entry.id,
         Money(call.entry.amount_cents, call.payment.currency), idempotency_key(call)});
  });
  if (refunded.has_error()) return record_error(context, store, call, refunded.error());
  const Currency currency = call.payment.currency;
  if (refunded.value().currency.value_or(currency) != currency) {
    const Error error(Errc::outcome_unknown, "the processor says another currency");
    return record_error(context, store, call, error);
  }
  return change(context, store, call.payment.id,
                [&](PaymentUpdate& update) { update.apply_refund(call.entry, refunded.value()); });
}

Result<ProcessorCall> give_up(Context& context, const std::string& store,
                              const ProcessorCall& call) {
  const Timestamp now = context.clock->now();
  return change(context, store, call.payment.id, [&](PaymentUpdate& update) {
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
                                       const ProcessorCall& call) {
  auto ready = ReadyProcessor::make(context, store, call.method);
  if (ready.has_error()) return record_error(context, store, call, ready.error(), false);
  auto said = guarded(context, [&] { return make_call(*ready.value(), call); });
  if (said.has_error()) return record_error(context, store, call, said.error());
  return said;
}

// Calls the processor and records its report. Returns the next call.
Result<ProcessorCall> call_and_record(Context& context, const std::string& store,
                                      const ProcessorCall& call) {
  RESYS_TRY(said, call_processor(context, store, call));
  const PaymentId& payment = call.payment.id;
  RESYS_TRY(sealed, seal_client_secret(context, store, payment, said));
  RESYS_TRY(next, context.write(store, [&](const Scope& scope) -> Result<ProcessorCall> {
    RESYS_TRY(update, lock_and_apply_snapshot(scope, payment, said, sealed));
    return save_and_load_next_call(scope, update);
  }));
  if (call.kind != CallKind::cancel || is_final(said.state)) return std::move(next);
  // The payment could not be canceled. Under the same key the processor would only repeat that, so
  // the next attempt gets another key.
  return change(context, store, payment, [](PaymentUpdate& update) { ++update.payment().attempt; });
}

Result<ProcessorCall> run_call(Context& context, const std::string& store,
                               const ProcessorCall& call) {
  if (call.kind == CallKind::give_up) return give_up(context, store, call);
  if (call.kind == CallKind::refund) return refund(context, store, call);
  if (call.kind == CallKind::create) {
    RESYS_TRY(is_wanted, begin_create(context, store, call.payment.id));
    if (!is_wanted) return ProcessorCall();
  }
  return call_and_record(context, store, call);
}

using Calls = std::set<std::pair<CallKind, PaymentEntryId>>;

// Runs the call and those that it makes necessary, each once, but none of those that are done.
Result<void> run_calls(Context& context, const std::string& store, ProcessorCall call, Calls done) {
  while (call.kind != CallKind::none) {
    // The processor's response has not changed what is needed, so background work asks again later.
    if (!done.insert({call.kind, call.entry.id}).second) return success();
    RESYS_TRY(next, run_call(context, store, call));
    call = std::move(next);
  }
  return success();
}

}  // namespace

Result<void> run_calls(Context& context, const std::string& store, ProcessorCall call) {
  return run_calls(context, store, std::move(call), {});
}

Result<Placed> load_placed(const Scope& scope, const OrderId& order, const PaymentId& payment) {
  RESYS_TRY(loaded, load_order(scope, order));
  Placed placed{std::move(loaded), std::nullopt};
  if (!payment.empty()) placed.payment = rows::load_payment(scope, payment).value();
  return placed;
}

Result<Placed> run_create(Context& context, const std::string& store, const ProcessorCall& create) {
  RESYS_TRY(said, call_processor(context, store, create));
  const PaymentId& payment = create.payment.id;
  RESYS_TRY(sealed, seal_client_secret(context, store, payment, said));
  ProcessorCall next;
  RESYS_TRY(placed, context.write(store, [&](const Scope& scope) -> Result<Placed> {
    RESYS_TRY(update, lock_and_apply_snapshot(scope, payment, said, sealed));
    next = save_and_load_next_call(scope, update);
    return Placed{view_order(scope, update.order()), update.payment()};
  }));
  if (next.kind == CallKind::none) return std::move(placed);
  RESYS_TRYV(run_calls(context, store, std::move(next), {{create.kind, create.entry.id}}));
  return context.read(store, [&](const Scope& scope) {
    return load_placed(scope, create.payment.order_id, payment);
  });
}

Result<void> run_calls(Context& context, const std::string& store, const PaymentId& payment,
                       Ask ask) {
  RESYS_TRY(call, first_call(context, store, payment, ask));
  return run_calls(context, store, std::move(call));
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
                            const Result<void>& result) {
  if (result.has_value()) return success();
  return shopper_error(context, payment, result.error());
}

Result<ProcessorCall> apply_snapshot(Context& context, const std::string& store,
                                     const PaymentId& payment, const PaymentSnapshot& snapshot) {
  RESYS_TRY(sealed, seal_client_secret(context, store, payment, snapshot));
  return context.write(store, [&](const Scope& scope) -> Result<ProcessorCall> {
    return apply_report(scope, payment, snapshot, sealed);
  });
}

Result<ProcessorCall> apply_webhook(const Scope& scope, const PaymentId& payment,
                                    const PaymentSnapshot& snapshot,
                                    const rows::WebhookRow& webhook) {
  if (!rows::insert_webhook(scope, webhook)) return ProcessorCall();
  return apply_report(scope, payment, snapshot, {});
}

}  // namespace resys::app
