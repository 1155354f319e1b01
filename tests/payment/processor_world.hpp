// What a payment processor is given, for tests that call one directly: notes in memory, answers of
// its server as the test says them, a clock that the test moves.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "resys/processor.hpp"
#include "support/catch.hpp"
#include "support/refusal.hpp"

namespace resys::test {

// Versions as ProcessorNotes promises them; `before_write` lets somebody else be faster.
class MemoryNotes final : public ProcessorNotes {
 public:
  Result<Note> read(std::string_view key) override {
    const std::lock_guard lock(mutex_);
    if (failure) return *failure;
    return notes_[std::string(key)];
  }
  Result<void> write(std::string_view key, std::string_view value, std::int64_t version) override {
    if (before_write) std::exchange(before_write, nullptr)();
    const std::lock_guard lock(mutex_);
    if (failure) return *failure;
    Note& note = notes_[std::string(key)];
    if (note.version != version) return Error(Errc::conflict, "the note has changed");
    note = {std::string(value), version + 1};
    return success();
  }

  std::optional<Error> failure;
  std::function<void()> before_write;

 private:
  std::mutex mutex_;
  std::map<std::string, Note> notes_;
};

// Answers what the test has put in, in that order, and keeps what was sent.
class ScriptedTransport final : public HttpTransport {
 public:
  Result<IncomingResponse> send(const OutgoingRequest& request) override {
    sent.push_back(request);
    if (answers.empty()) return Error(Errc::internal, "the script has ended");
    const auto answer = answers.front();
    answers.pop_front();
    return answer;
  }
  void answer(int status, std::string body, Headers headers = {}) {
    answers.push_back(IncomingResponse{status, std::move(headers), std::move(body)});
  }
  void fail(Errc code) { answers.push_back(Error(code, "the network failed")); }

  std::deque<Result<IncomingResponse>> answers;
  std::vector<OutgoingRequest> sent;
};

inline Currency currency(std::string_view code) { return Currency::parse(code).value(); }
inline Money euros(std::int64_t cents) { return {cents, currency("EUR")}; }

struct ProcessorWorld {
  ProcessorContext context() { return {"default", method, config, &http, notes, now}; }
  // Another payment each time.
  CreatePayment order(Money amount) {
    ++made;
    return {.payment_id = PaymentId({made, 7}),
            .order_id = OrderId({made, 8}),
            .order_number = "R" + std::to_string(made),
            .amount = amount,
            .email = "ada@example.com",
            .return_url = {},
            .idempotency_key = "create-" + std::to_string(made),
            .created_at = now};
  }
  RefundPayment refund(const PaymentSnapshot& payment, Money amount) {
    ++made;
    return {.external_id = payment.external_id,
            .payment_id = PaymentId::parse(payment.payment_id).value(),
            .refund_id = PaymentEntryId({made, 9}),
            .amount = amount,
            .idempotency_key = "refund-" + std::to_string(made)};
  }

  PaymentMethodId method{detail::Uuid{1, 1}};
  Pairs config;
  ScriptedTransport http;
  MemoryNotes notes;
  Timestamp now = Timestamp::from_seconds(1'800'000'000);
  std::uint64_t made = 0;
};

}  // namespace resys::test
