// From JavaScript's options to the structs of resys.h.
#include "options.hpp"

#include "shop.hpp"

namespace resys_node {
namespace {

std::vector<std::string> texts_of(napi_env env, napi_value array) {
  std::vector<std::string> texts;
  for (napi_value item : items_of(env, array)) texts.push_back(text_of(env, item));
  return texts;
}

bool is_set(napi_env env, napi_value object, const char* name) {
  bool value = false;
  napi_get_value_bool(env, property_of(env, object, name), &value);
  return value;
}

}  // namespace

Options::Options(napi_env env, napi_value object)
    : database_(text_of(env, property_of(env, object, "database"))),
      processors_(text_of(env, property_of(env, object, "processors"))),
      stripe_api_base_(text_of(env, property_of(env, object, "stripeApiBase"))),
      smtp_url_(text_of(env, property_of(env, object, "smtpUrl"))),
      smtp_from_(text_of(env, property_of(env, object, "smtpFrom"))),
      reply_timeout_ms_(
          static_cast<std::int64_t>(number_of(env, property_of(env, object, "replyTimeoutMs")))),
      key_ids_(texts_of(env, property_of(env, object, "keyIds"))),
      keys_(texts_of(env, property_of(env, object, "keys"))),
      key_id_(text_of(env, property_of(env, object, "secretKeyId"))),
      allows_missing_keys_(is_set(env, object, "allowMissingKeys")),
      processor_descriptions_(texts_of(env, property_of(env, object, "processorDescriptions"))),
      handler_descriptions_(texts_of(env, property_of(env, object, "handlerDescriptions"))),
      has_mailer_(is_set(env, object, "hasMailer")),
      has_transport_(is_set(env, object, "hasTransport")),
      has_tax_calculator_(is_set(env, object, "hasTaxCalculator")),
      has_tax_id_registry_(is_set(env, object, "hasTaxIdRegistry")),
      has_log_(is_set(env, object, "hasLog")) {}

void Options::ask(void* port, resys_text name, const resys_document* request, resys_reply reply) {
  const auto* asked = static_cast<const Port*>(port);
  asked->shop->ask(asked->number, name, resys_document_json(request), reply);
}

Options::Port* Options::next_port(Shop& shop) {
  return &ports_.emplace_back(Port{&shop, static_cast<std::uint32_t>(ports_.size())});
}

const resys_options& Options::given(Shop& shop) {
  for (std::size_t i = 0; i < keys_.size(); ++i) {
    given_keys_.push_back({view(key_ids_[i]), view(keys_[i])});
  }
  for (const std::string& description : processor_descriptions_) {
    given_processors_.push_back(
        {sizeof(resys_processor), next_port(shop), nullptr, &ask, view(description)});
  }
  for (const std::string& description : handler_descriptions_) {
    given_handlers_.push_back(
        {sizeof(resys_event_handler), next_port(shop), nullptr, &ask, view(description)});
  }
  given_ = {};
  given_.struct_size = sizeof given_;
  given_.database = view(database_);
  given_.secret_keys = given_keys_.data();
  given_.secret_key_count = given_keys_.size();
  given_.secret_key_id = view(key_id_);
  given_.allow_missing_keys = allows_missing_keys_ ? 1 : 0;
  given_.processors = view(processors_);
  given_.stripe_api_base = view(stripe_api_base_);
  given_.smtp_url = view(smtp_url_);
  given_.smtp_from = view(smtp_from_);
  given_.reply_timeout_ms = reply_timeout_ms_;
  given_.host_processors = given_processors_.data();
  given_.host_processor_count = given_processors_.size();
  given_.event_handlers = given_handlers_.data();
  given_.event_handler_count = given_handlers_.size();
  if (has_mailer_) {
    given_mailer_ = {sizeof given_mailer_, next_port(shop), nullptr, &ask};
    given_.mailer = &given_mailer_;
  }
  if (has_transport_) {
    given_transport_ = {sizeof given_transport_, next_port(shop), nullptr, &ask};
    given_.http = &given_transport_;
  }
  if (has_tax_calculator_) {
    given_tax_calculator_ = {sizeof given_tax_calculator_, next_port(shop), nullptr, &ask};
    given_.tax_calculator = &given_tax_calculator_;
  }
  if (has_tax_id_registry_) {
    given_tax_id_registry_ = {sizeof given_tax_id_registry_, next_port(shop), nullptr, &ask};
    given_.tax_id_registry = &given_tax_id_registry_;
  }
  if (has_log_) {
    const auto write = [](void* payload, std::int32_t level, resys_text message) {
      static_cast<Shop*>(payload)->log(level, message);
    };
    given_log_ = {sizeof given_log_, &shop, nullptr, write};
    given_.log = &given_log_;
  }
  return given_;
}

}  // namespace resys_node
