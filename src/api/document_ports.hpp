// The documents of ports: what is said to processors, mailers, transports and handlers that are
// given documents.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/schema.hpp"
#include "fields/event.hpp"
#include "fields/processor.hpp"
#include "resys/document_ports.hpp"

namespace resys {
namespace api {

// What a processor is told; a call sets what it needs.
struct ProcessorRequest {
  std::string store{};
  PaymentMethodId payment_method_id{};
  Options config{};
  Timestamp now{};
  PaymentId payment_id{};
  OrderId order_id{};
  std::string order_number{};
  std::string external_id{};
  PaymentEntryId refund_id{};
  std::optional<std::int64_t> amount_cents{};
  Currency currency{};
  std::string email{};
  std::string return_url{};
  std::string idempotency_key{};
  Options headers{};
  std::string payload{};
};

struct ProcessorDescription {
  std::string name{};
  std::vector<ConfigField> config_fields{};
  std::vector<Currency> currencies{};  // empty: all
  std::int64_t least_cents = 1;
  std::int64_t most_cents = kMaxMinor;
  bool has_webhooks = false;  // else each webhook is refused
};

struct HandlerDescription {
  std::string name{};
  std::vector<EventType> types{};  // empty: all
};

struct HttpAnswer {
  std::int64_t status = 0;
  Options headers{};
  std::string body{};
};

struct HandledEvent {
  std::string store{};
  Event event{};
};

// Hands over the schema of each of them.
void add_port_schemas(const std::function<void(const Schema&)>& add);

}  // namespace api

namespace fields {

template <>
struct Table<api::ProcessorRequest> {
  using Request = api::ProcessorRequest;
  static constexpr std::string_view type = "ProcessorRequest";
  static constexpr auto rows =
      std::tuple{field("store", &Request::store, "whose method it is"),
                 field("paymentMethodId", &Request::payment_method_id, "whose settings these are"),
                 field("config", &Request::config, "the settings, decrypted: do not log"),
                 field("now", &Request::now, "by the shop's clock"),
                 field("paymentId", &Request::payment_id, "the shop's own"),
                 field("orderId", &Request::order_id, "of createPayment"),
                 field("orderNumber", &Request::order_number, "of createPayment"),
                 field("externalId", &Request::external_id, "the processor's own"),
                 field("refundId", &Request::refund_id, "of refund"),
                 field("amountCents", &Request::amount_cents, "in minor units"),
                 field("currency", &Request::currency, "ISO 4217"),
                 field("email", &Request::email, "of createPayment; may be empty"),
                 field("returnUrl", &Request::return_url, "of createPayment; may be empty"),
                 field("idempotencyKey", &Request::idempotency_key, "the same at each repetition"),
                 field("headers", &Request::headers, "of parseWebhook"),
                 field("payload", &Request::payload, "of parseWebhook: as it was signed")};
};

template <>
struct Table<api::ProcessorDescription> {
  using Description = api::ProcessorDescription;
  static constexpr std::string_view type = "ProcessorDescription";
  static constexpr auto rows = std::tuple{
      required("name", &Description::name, "as stored in payment methods", kProcessorName),
      field("configFields", &Description::config_fields, "its settings", list(0, 50)),
      field("currencies", &Description::currencies, "which it takes; empty: all", list(0, 300)),
      field("leastCents", &Description::least_cents, "the smallest amount", integer(0, kMaxMinor)),
      field("mostCents", &Description::most_cents, "the largest amount", integer(0, kMaxMinor)),
      field("hasWebhooks", &Description::has_webhooks, "whether parseWebhook is to be called")};
};

template <>
struct Table<api::HandlerDescription> {
  using Description = api::HandlerDescription;
  static constexpr std::string_view type = "HandlerDescription";
  static constexpr auto rows = std::tuple{
      required("name", &Description::name, "as stored with deliveries", text(1, 100)),
      field("types", &Description::types, "the events it is told; empty: all", list(0, 100))};
};

template <>
struct Table<api::HttpAnswer> {
  static constexpr std::string_view type = "IncomingResponse";
  static constexpr auto rows =
      std::tuple{required("status", &api::HttpAnswer::status, "of HTTP"),
                 field("headers", &api::HttpAnswer::headers, "name and value"),
                 field("body", &api::HttpAnswer::body, "at most 1 MiB")};
};

template <>
struct Table<api::HandledEvent> {
  static constexpr std::string_view type = "HandledEvent";
  static constexpr auto rows =
      std::tuple{field("store", &api::HandledEvent::store, "where it happened"),
                 field("event", &api::HandledEvent::event, "what happened")};
};

}  // namespace fields

}  // namespace resys
