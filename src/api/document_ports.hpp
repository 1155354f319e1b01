// The documents of the ports: the requests to processors, mailers, transports and handlers that
// work with documents.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "api/codec.hpp"
#include "event/fields.hpp"
#include "order/tax_calculation_fields.hpp"
#include "payment/processor_fields.hpp"
#include "resys/document_ports.hpp"

namespace resys {
namespace api {

// The request to a processor. Each call sets the members that it needs.
struct ProcessorRequest {
  std::string store{};
  PaymentMethodId payment_method_id{};
  Pairs config{};
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
  Pairs headers{};
  std::string payload{};
};

struct ProcessorDescription {
  std::string name{};
  std::vector<ConfigField> config_fields{};
  std::vector<Currency> currencies{};  // empty: all
  std::int64_t least_cents = 1;
  std::int64_t most_cents = kMaxMinor;
  bool offline = false;       // see ProcessorTraits
  bool has_webhooks = false;  // if false, every webhook is refused
};

struct HandlerDescription {
  std::string name{};
  std::vector<EventType> types{};  // empty: all
};

struct HttpAnswer {
  std::int64_t status = 0;
  Pairs headers{};
  std::string body{};
};

struct TaxIdQuestion {
  std::string tax_id{};
};

struct HandledEvent {
  std::string store{};
  Event event{};
};

// Calls `add` with the schema of each document.
void add_port_schemas(const std::function<void(const fields::Schema&)>& add);

}  // namespace api

namespace fields {

template <>
const Schema& schema_of<api::ProcessorRequest>();
template <>
const Schema& schema_of<api::ProcessorDescription>();
template <>
const Schema& schema_of<api::HandlerDescription>();
template <>
const Schema& schema_of<api::HttpAnswer>();
template <>
const Schema& schema_of<api::HandledEvent>();
template <>
const Schema& schema_of<api::TaxIdQuestion>();
template <>
const Schema& schema_of<TaxIdCheck>();

}  // namespace fields

}  // namespace resys
