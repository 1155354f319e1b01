// The options of a shop: read from JavaScript, kept, given to the library.
#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <vector>

#include "napi.hpp"

namespace resys_node {

class Shop;

struct Options {
  // Of the object that index.js makes: all fields are there, ports are their descriptions.
  Options(napi_env env, napi_value object);
  Options(const Options&) = delete;
  Options& operator=(const Options&) = delete;

  // For resys_shop_open(); ports are numbered: processors, event handlers, mailer, transport,
  // tax calculator, registry of tax ids.
  const resys_options& given(Shop& shop);

 private:
  struct Port {
    Shop* shop;
    std::uint32_t number;
  };
  static void ask(void* port, resys_text name, const resys_document* request, resys_reply reply);
  Port* next_port(Shop& shop);

  std::string database_;
  std::string processors_;
  std::string stripe_api_base_;
  std::string smtp_url_;
  std::string smtp_from_;
  std::int64_t reply_timeout_ms_;
  std::vector<std::string> key_ids_;
  std::vector<std::string> keys_;
  std::string key_id_;
  bool allows_missing_keys_;
  std::vector<std::string> processor_descriptions_;
  std::vector<std::string> handler_descriptions_;
  bool has_mailer_;
  bool has_transport_;
  bool has_tax_calculator_;
  bool has_tax_id_registry_;
  bool has_log_;

  std::deque<Port> ports_;
  std::vector<resys_secret_key> given_keys_;
  std::vector<resys_processor> given_processors_;
  std::vector<resys_event_handler> given_handlers_;
  resys_mailer given_mailer_{};
  resys_http_transport given_transport_{};
  resys_tax_calculator given_tax_calculator_{};
  resys_tax_id_registry given_tax_id_registry_{};
  resys_log given_log_{};
  resys_options given_{};
};

}  // namespace resys_node
