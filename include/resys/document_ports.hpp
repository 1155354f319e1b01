// Ports whose calls are JSON documents, for hosts that are not written in C++: one function takes
// the call's name and its request, and returns a document. The C interface is built on them.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "resys/event.hpp"
#include "resys/processor.hpp"
#include "resys/tax_calculator.hpp"

namespace resys {

// A call of a port.
struct PortCall {
  std::string_view name{};
  std::string request{};  // JSON
  // The result is awaited no longer than that. Absent: the call has no time of its own.
  std::optional<std::int64_t> timeout_ms{};
};

// Returns the call's result as JSON, or the port's error: outcome_unknown where the time is over.
// Thread rule: that of the port. What it throws is dealt with as what the port itself throws.
using DocumentCall = std::function<Result<std::string>(const PortCall& call)>;

// What the shop must know of a processor before it calls one is its description: {"name":"bank",
// "configFields":[{"name":"apiKey","secret":true,"required":true}],"currencies":["EUR"],
// "leastCents":1,"mostCents":100000,"offline":false,"hasWebhooks":false}. Only the name is needed;
// it is stored in payment methods. invalid_request for a description of a wrong shape.
//
// The calls are createPayment, capture, cancel, fetch (each returns a PaymentSnapshot), refund (a
// RefundSnapshot) and, with webhooks, parseWebhook (a WebhookEvent). The request is a
// ProcessorRequest with what the call needs. A result of a wrong shape counts as outcome_unknown.
// Errors: invalid_request.
Result<std::shared_ptr<PaymentProcessor>> document_processor(std::string_view description,
                                                             DocumentCall call);
// The call is sendMail; the request is a Mail, the result an object without a meaning.
std::shared_ptr<Mailer> document_mailer(DocumentCall call);
// The call is send; the request is an OutgoingRequest, the result an IncomingResponse.
std::shared_ptr<HttpTransport> document_transport(DocumentCall call);
// The call is calculateTaxes; the request is a CalculateTaxes, the result a CalculatedTaxes.
std::shared_ptr<TaxCalculator> document_tax_calculator(DocumentCall call);
// The call is checkTaxId; the request is {"taxId":...}, the result a TaxIdCheck.
std::shared_ptr<TaxIdRegistry> document_tax_id_registry(DocumentCall call);
// Described by {"name":"warehouse","types":["OrderCompleted"]}; without types it is told all. The
// call is handle; the request is {"store":...,"event":Event}, the result is without a meaning.
// Errors: invalid_request.
Result<EventHandler> document_handler(std::string_view description, DocumentCall call);

}  // namespace resys
