// Ports whose calls are documents: requests are written and answers read by the field tables.
#include "api/document_ports.hpp"

#include <nlohmann/json.hpp>

namespace resys {
namespace api {
namespace {

template <class Request>
Result<std::string> ask(const DocumentCall& call, std::string_view name, const Request& request) {
  std::string text;
  write(text, request);
  return call(name, text);
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

// An answer that cannot be read may be one to a call that was carried out.
template <class Answer>
Result<Answer> read_answer(std::string_view name, std::string_view text) {
  auto answer = parse<Answer>(text);
  if (answer.has_value()) return answer;
  const Error& why = answer.error();
  return Error(Errc::outcome_unknown, std::string(name) + " was answered with what is no " +
                                          std::string(fields::type_name<Answer>()) + ": " +
                                          why.message())
      .at(why.field());
}

class Processor final : public PaymentProcessor {
 public:
  Processor(ProcessorDescription about, DocumentCall call)
      : about_(std::move(about)), call_(std::move(call)) {}

  std::string_view name() const noexcept override { return about_.name; }
  std::vector<ConfigField> config_fields() const override { return about_.config_fields; }
  Result<void> accepts(Money amount) const override {
    const auto& all = about_.currencies;
    const bool is_known =
        all.empty() || std::find(all.begin(), all.end(), amount.currency()) != all.end();
    if (is_known && amount.minor() >= about_.least_cents && amount.minor() <= about_.most_cents) {
      return success();
    }
    return Error(Errc::unsupported_currency, "this payment method does not take such an amount")
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
      return Error(Errc::invalid_signature, "this payment method has no webhooks");
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

}  // namespace

void add_port_schemas(const std::function<void(const Schema&)>& add) {
  for (const Schema* schema :
       {&schema_of<ProcessorDescription>(), &schema_of<ProcessorRequest>(),
        &schema_of<PaymentSnapshot>(), &schema_of<RefundSnapshot>(), &schema_of<WebhookEvent>(),
        &schema_of<Mail>(), &schema_of<OutgoingRequest>(), &schema_of<HttpAnswer>(),
        &schema_of<HandlerDescription>(), &schema_of<HandledEvent>()}) {
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
