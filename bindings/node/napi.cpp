// The conversions of napi.hpp.
#include "napi.hpp"

#include <array>

namespace resys_node {

std::vector<napi_value> arguments_of(napi_env env, napi_callback_info info, std::size_t count) {
  std::vector<napi_value> values(count);
  napi_get_cb_info(env, info, &count, values.data(), nullptr, nullptr);
  return values;
}

double number_of(napi_env env, napi_value value) {
  double number = 0;
  napi_get_value_double(env, value, &number);
  return number;
}

std::string text_of(napi_env env, napi_value value) {
  std::array<char, 512> buffer;
  std::size_t size = 0;
  if (napi_get_value_string_utf8(env, value, buffer.data(), buffer.size(), &size) != napi_ok) {
    void* bytes = nullptr;
    if (napi_get_typedarray_info(env, value, nullptr, &size, &bytes, nullptr, nullptr) != napi_ok) {
      return {};
    }
    return size == 0 ? std::string() : std::string(static_cast<const char*>(bytes), size);
  }
  // A full buffer may have cut the text, at most by the longest character.
  if (size + 4 < buffer.size()) return std::string(buffer.data(), size);
  if (napi_get_value_string_utf8(env, value, nullptr, 0, &size) != napi_ok) return {};
  std::string text(size, '\0');
  napi_get_value_string_utf8(env, value, text.data(), size + 1, &size);
  return text;
}

std::vector<napi_value> items_of(napi_env env, napi_value array) {
  std::uint32_t count = 0;
  napi_get_array_length(env, array, &count);
  std::vector<napi_value> items(count);
  for (std::uint32_t i = 0; i < count; ++i) napi_get_element(env, array, i, &items[i]);
  return items;
}

napi_value property_of(napi_env env, napi_value object, const char* name) {
  napi_value value = nullptr;
  napi_get_named_property(env, object, name, &value);
  return value;
}

void* external_of(napi_env env, napi_value value) {
  void* data = nullptr;
  napi_get_value_external(env, value, &data);
  return data;
}

napi_value to_js(napi_env env, std::string_view text) {
  napi_value value = nullptr;
  napi_create_string_utf8(env, text.data(), text.size(), &value);
  return value;
}

napi_value to_js(napi_env env, resys_text text) {
  return to_js(env, std::string_view(text.data, text.size));
}

napi_value to_js(napi_env env, double number) {
  napi_value value = nullptr;
  napi_create_double(env, number, &value);
  return value;
}

void call(napi_env env, napi_ref function, std::span<const napi_value> arguments) {
  napi_value callee = nullptr;
  napi_value receiver = nullptr;
  napi_value answer = nullptr;
  if (napi_get_reference_value(env, function, &callee) != napi_ok) return;
  if (napi_get_undefined(env, &receiver) != napi_ok) return;
  napi_call_function(env, receiver, callee, arguments.size(), arguments.data(), &answer);
  bool thrown = false;
  napi_is_exception_pending(env, &thrown);
  napi_value exception = nullptr;
  if (thrown && napi_get_and_clear_last_exception(env, &exception) == napi_ok) {
    napi_fatal_exception(env, exception);
  }
}

}  // namespace resys_node
