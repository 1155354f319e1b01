// Ports whose calls are documents. Their requests are written, and their responses read, by the
// schemas.
#include "api/document_ports.hpp"

#include <nlohmann/json.hpp>

#include "base/make_schema.hpp"

namespace resys {
namespace fields {

template <>
const Schema& schema_of<api::ProcessorRequest>() {
  using Request = api::ProcessorRequest;
  static const Schema schema = make_schema<api::ProcessorRequest>(
      "ProcessorRequest",
      field("store", &Request::store, "Tenant that the payment method belongs to"),
      field("paymentMethodId", &Request::payment_method_id, "Id of the payment method"),
      field("config", &Request::config,
            "Settings of the payment method, decrypted: do not log them"),
      field("now", &Request::now, "Current time by the shop's clock, in UTC"),
      field("paymentId", &Request::payment_id,
            "The shop's id of the payment, for createPayment and refund; else empty"),
      field("orderId", &Request::order_id, "The order's id, for createPayment; else empty"),
      field("orderNumber", &Request::order_number,
            "The order's number, for createPayment; else empty"),
      field("externalId", &Request::external_id,
            "The processor's id of the payment; empty for createPayment and parseWebhook"),
      field("refundId", &Request::refund_id, "The shop's id of the refund, for refund; else empty"),
      field("amountCents", &Request::amount_cents,
            "Amount of the payment, capture or refund, in minor units of `currency`; null for "
            "parseWebhook"),
      field("currency", &Request::currency, "ISO 4217 code of the amount; empty for parseWebhook"),
      field("email", &Request::email,
            "The shopper's email address, for createPayment; else empty, and if none is known"),
      field(
          "returnUrl", &Request::return_url,
          "URL to send the shopper back to, for createPayment; else empty, and if none was given"),
      field("idempotencyKey", &Request::idempotency_key,
            "The same at each repetition of a call; empty for fetch and parseWebhook"),
      field("headers", &Request::headers, "Headers of the webhook, for parseWebhook; else empty"),
      field("payload", &Request::payload,
            "Body of the webhook as it was signed, for parseWebhook; else empty"));
  return schema;
}

template <>
const Schema& schema_of<api::ProcessorDescription>() {
  using Description = api::ProcessorDescription;
  static const Schema schema = make_schema<api::ProcessorDescription>(
      "ProcessorDescription",
      required("name", &Description::name,
               "Name stored with payment methods, up to 50 characters: keep it stable",
               kProcessorName),
      field("configFields", &Description::config_fields,
            "Settings of its payment methods, at most 50", list(0, 50)),
      field("currencies", &Description::currencies, "ISO 4217 codes that it takes; all if empty",
            list(0, 300)),
      field("leastCents", &Description::least_cents,
            "Smallest amount that it takes, in minor units of the payment's currency",
            integer(0, kMaxMinor)),
      field("mostCents", &Description::most_cents,
            "Largest amount that it takes, in minor units of the payment's currency",
            integer(0, kMaxMinor)),
      field("offline", &Description::offline,
            "Whether the money comes by hand: staff mark what has come and what went back"),
      field("hasWebhooks", &Description::has_webhooks,
            "Whether webhooks are passed to parseWebhook; else they are refused"));
  return schema;
}

template <>
const Schema& schema_of<api::HandlerDescription>() {
  using Description = api::HandlerDescription;
  static const Schema schema = make_schema<api::HandlerDescription>(
      "HandlerDescription",
      required("name", &Description::name,
               "Name stored with deliveries, up to 100 characters: keep it stable", text(1, 100)),
      field("types", &Description::types,
            "Types of the events that it is called with; all if empty", list(0, 100)));
  return schema;
}

template <>
const Schema& schema_of<api::HttpAnswer>() {
  static const Schema schema = make_schema<api::HttpAnswer>(
      "IncomingResponse", required("status", &api::HttpAnswer::status, "HTTP status code"),
      field("headers", &api::HttpAnswer::headers, "Header names and values"),
      field("body", &api::HttpAnswer::body, "Body of the response, at most 1 MiB"));
  return schema;
}

template <>
const Schema& schema_of<api::HandledEvent>() {
  static const Schema schema = make_schema<api::HandledEvent>(
      "HandledEvent", field("store", &api::HandledEvent::store, "Tenant that the event belongs to"),
      field("event", &api::HandledEvent::event, "The event"));
  return schema;
}

template <>
const Schema& schema_of<api::TaxIdQuestion>() {
  static const Schema schema = make_schema<api::TaxIdQuestion>(
      "TaxIdQuestion", field("taxId", &api::TaxIdQuestion::tax_id,
                             "Tax id as its country writes it, with the country's prefix"));
  return schema;
}

template <>
const Schema& schema_of<TaxIdCheck>() {
  static const Schema schema = make_schema<TaxIdCheck>(
      "TaxIdCheck",
      required("registered", &TaxIdCheck::registered, "Whether the tax id is registered"));
  return schema;
}

}  // namespace fields

namespace api {
namespace {

template <class Request>
Result<std::string> ask(const DocumentCall& call, std::string_view name, const Request& request) {
  PortCall asked{.name = name};
  write(asked.request, request);
  if constexpr (requires { request.timeout_ms; }) asked.timeout_ms = request.timeout_ms;
  return call(asked);
}

template <class Document>
Result<Document> parse(std::string_view text) {
  Document document;
  RESYS_TRY(json, parse_object(text));
  RESYS_TRYV(read(json, document));
  return document;
}

template <class Description>
Result<Description> parse_description(std::string_view text) {
  RESYS_TRY(description, parse<Description>(text));
  RESYS_TRYV(fields::check(description));
  return description;
}

// A response that cannot be read is outcome_unknown, because the call may have been carried out.
template <class Answer>
Result<Answer> read_answer(std::string_view name, std::string_view text) {
  auto answer = parse<Answer>(text);
  if (answer.has_value()) return answer;
  const Error& why = answer.error();
  return Error(Errc::outcome_unknown, std::string(name) + " did not return a valid " +
                                          fields::schema_of<Answer>().name + ": " + why.message())
      .at(why.field());
}

class Processor final : public PaymentProcessor {
 public:
  Processor(ProcessorDescription about, DocumentCall call)
      : about_(std::move(about)), call_(std::move(call)) {}

  std::string_view name() const noexcept override { return about_.name; }
  ProcessorTraits traits() const override { return {about_.offline, about_.has_webhooks}; }
  std::vector<ConfigField> config_fields() const override { return about_.config_fields; }
  Result<void> accepts(Money amount) const override {
    const auto& all = about_.currencies;
    const bool is_known =
        all.empty() || std::find(all.begin(), all.end(), amount.currency()) != all.end();
    if (is_known && amount.minor() >= about_.least_cents && amount.minor() <= about_.most_cents) {
      return success();
    }
    return Error(Errc::unsupported_currency, "the payment method does not take this amount")
        .with("currency", std::string(amount.currency().code()))
        .with("amountCents", amount.minor())
        .with("leastCents", about_.least_cents)
        .with("mostCents", about_.most_cents);
  }

  Result<PaymentSnapshot> create_payment(const ProcessorContext& context,
                                         const CreatePayment& request) override {
    ProcessorRequest document = about(context, request.amount, request.idempotency_key);
    document.payment_id = request.payment_id;
    document.order_id = request.order_id;
    document.order_number = request.order_number;
    document.email = request.email;
    document.return_url = request.return_url;
    return ask_for<PaymentSnapshot>("createPayment", document);
  }
  Result<PaymentSnapshot> capture(const ProcessorContext& context,
                                  const CapturePayment& request) override {
    ProcessorRequest document = about(context, request.amount, request.idempotency_key);
    document.external_id = request.external_id;
    return ask_for<PaymentSnapshot>("capture", document);
  }
  Result<PaymentSnapshot> cancel(const ProcessorContext& context,
                                 const CancelPayment& request) override {
    ProcessorRequest document = about(context, request.amount, request.idempotency_key);
    document.external_id = request.external_id;
    return ask_for<PaymentSnapshot>("cancel", document);
  }
  Result<RefundSnapshot> refund(const ProcessorContext& context,
                                const RefundPayment& request) override {
    ProcessorRequest document = about(context, request.amount, request.idempotency_key);
    document.external_id = request.external_id;
    document.payment_id = request.payment_id;
    document.refund_id = request.refund_id;
    return ask_for<RefundSnapshot>("refund", document);
  }
  Result<PaymentSnapshot> fetch(const ProcessorContext& context,
                                const FetchPayment& request) override {
    ProcessorRequest document = about(context, request.amount, {});
    document.external_id = request.external_id;
    return ask_for<PaymentSnapshot>("fetch", document);
  }
  Result<WebhookEvent> parse_webhook(const ProcessorContext& context,
                                     const ReceiveWebhook& request) override {
    if (!about_.has_webhooks) {
      return Error(Errc::invalid_signature, "the payment method has no webhooks");
    }
    ProcessorRequest document = about(context);
    document.headers = request.headers;
    document.payload = request.payload;
    return ask_for<WebhookEvent>("parseWebhook", document);
  }

 private:
  static ProcessorRequest about(const ProcessorContext& context) {
    return {.store = std::string(context.store),
            .payment_method_id = context.payment_method_id,
            .config = context.config,
            .now = context.now};
  }
  static ProcessorRequest about(const ProcessorContext& context, Money amount,
                                const std::string& idempotency_key) {
    ProcessorRequest document = about(context);
    document.amount_cents = amount.minor();
    document.currency = amount.currency();
    document.idempotency_key = idempotency_key;
    return document;
  }
  template <class Answer>
  Result<Answer> ask_for(std::string_view name, const ProcessorRequest& document) const {
    RESYS_TRY(text, ask(call_, name, document));
    return read_answer<Answer>(name, text);
  }

  const ProcessorDescription about_;
  const DocumentCall call_;
};

class DocumentMailer final : public Mailer {
 public:
  explicit DocumentMailer(DocumentCall call) : call_(std::move(call)) {}
  Result<void> send(const Mail& mail) override {
    RESYS_TRYV(ask(call_, "sendMail", mail));
    return success();
  }

 private:
  const DocumentCall call_;
};

class DocumentTransport final : public HttpTransport {
 public:
  explicit DocumentTransport(DocumentCall call) : call_(std::move(call)) {}
  Result<IncomingResponse> send(const OutgoingRequest& request) override {
    RESYS_TRY(text, ask(call_, "send", request));
    RESYS_TRY(answer, read_answer<HttpAnswer>("send", text));
    return IncomingResponse{static_cast<int>(answer.status), std::move(answer.headers),
                            std::move(answer.body)};
  }

 private:
  const DocumentCall call_;
};

class DocumentTaxCalculator final : public TaxCalculator {
 public:
  explicit DocumentTaxCalculator(DocumentCall call) : call_(std::move(call)) {}
  Result<CalculatedTaxes> calculate(const CalculateTaxes& request) override {
    RESYS_TRY(text, ask(call_, "calculateTaxes", request));
    return read_answer<CalculatedTaxes>("calculateTaxes", text);
  }

 private:
  const DocumentCall call_;
};

class DocumentTaxIdRegistry final : public TaxIdRegistry {
 public:
  explicit DocumentTaxIdRegistry(DocumentCall call) : call_(std::move(call)) {}
  Result<TaxIdCheck> check(const std::string& tax_id) override {
    RESYS_TRY(text, ask(call_, "checkTaxId", TaxIdQuestion{tax_id}));
    return read_answer<TaxIdCheck>("checkTaxId", text);
  }

 private:
  const DocumentCall call_;
};

}  // namespace

void add_port_schemas(const std::function<void(const fields::Schema&)>& add) {
  for (const fields::Schema* schema :
       {&fields::schema_of<ProcessorDescription>(), &fields::schema_of<ProcessorRequest>(),
        &fields::schema_of<PaymentSnapshot>(), &fields::schema_of<RefundSnapshot>(),
        &fields::schema_of<WebhookEvent>(), &fields::schema_of<Mail>(),
        &fields::schema_of<OutgoingRequest>(), &fields::schema_of<HttpAnswer>(),
        &fields::schema_of<HandlerDescription>(), &fields::schema_of<HandledEvent>(),
        &fields::schema_of<CalculateTaxes>(), &fields::schema_of<CalculatedTaxes>(),
        &fields::schema_of<TaxIdQuestion>(), &fields::schema_of<TaxIdCheck>()}) {
    add(*schema);
  }
}

}  // namespace api

Result<std::shared_ptr<PaymentProcessor>> document_processor(std::string_view description,
                                                             DocumentCall call) {
  RESYS_TRY(parsed, api::parse_description<api::ProcessorDescription>(description));
  return std::shared_ptr<PaymentProcessor>(
      std::make_shared<api::Processor>(std::move(parsed), std::move(call)));
}

std::shared_ptr<Mailer> document_mailer(DocumentCall call) {
  return std::make_shared<api::DocumentMailer>(std::move(call));
}

std::shared_ptr<HttpTransport> document_transport(DocumentCall call) {
  return std::make_shared<api::DocumentTransport>(std::move(call));
}

std::shared_ptr<TaxCalculator> document_tax_calculator(DocumentCall call) {
  return std::make_shared<api::DocumentTaxCalculator>(std::move(call));
}

std::shared_ptr<TaxIdRegistry> document_tax_id_registry(DocumentCall call) {
  return std::make_shared<api::DocumentTaxIdRegistry>(std::move(call));
}

Result<EventHandler> document_handler(std::string_view description, DocumentCall call) {
  RESYS_TRY(parsed, api::parse_description<api::HandlerDescription>(description));
  return EventHandler{std::move(parsed.name), std::move(parsed.types),
                      [call = std::move(call)](Shop&, const std::string& store,
                                               const Event& event) -> Result<void> {
                        RESYS_TRYV(api::ask(call, "handle", api::HandledEvent{store, event}));
                        return success();
                      }};
}

}  // namespace resys
