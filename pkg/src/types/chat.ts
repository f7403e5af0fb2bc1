import type { Open } from "./open.js";

/** One message of a conversation. Providers may understand more fields; every field given is sent. */
export type ChatMessage = SystemMessage | UserMessage | AssistantMessage | ToolMessage;

/** Says how the model is to behave. */
export interface SystemMessage {
  /** Newer models of some providers call it `developer`. */
  role: "system" | "developer";
  content: string | readonly TextPart[];
  name?: string | undefined;
}

/** What the user says. */
export interface UserMessage {
  role: "user";
  content: string | readonly ContentPart[];
  name?: string | undefined;
}

/** What the model said before. The `message` of a reply can be given back as it is. */
export interface AssistantMessage {
  role: "assistant";
  /** `null` or absent when the model only called tools. */
  content?: string | readonly TextPart[] | null | undefined;
  name?: string | undefined;
  tool_calls?: readonly ToolCall[] | null | undefined;
  /** Thoughts of a reasoning model, under the name that some providers use. */
  reasoning?: string | null | undefined;
  /** Thoughts of a reasoning model, under the name that other providers use. */
  reasoning_content?: string | null | undefined;
}

/** The result of a tool call. */
export interface ToolMessage {
  role: "tool";
  content: string | readonly TextPart[];
  /** The `id` of the call that this answers. */
  tool_call_id: string;
  /** Name of the function. */
  name?: string | undefined;
}

/** Part of a message. */
export type ContentPart = TextPart | ImagePart;

/** Text within a message. */
export interface TextPart {
  type: "text";
  text: string;
}

/** Image within a message. */
export interface ImagePart {
  type: "image_url";
  image_url: {
    /** An http(s) or `data:` URL. */
    url: string;
    /** How closely to look. */
    detail?: Open<"auto" | "low" | "high"> | undefined;
  };
}

/** A call of a function that the model asks for. */
export interface ToolCall {
  id: string;
  type: Open<"function">;
  function: {
    name: string;
    /** JSON text. Models may write text that is not valid JSON. */
    arguments: string;
  };
}

/** A function that the model may call. */
export interface Tool {
  type: "function";
  function: {
    /** Letters, digits, `_` and `-`. */
    name: string;
    /** What it does and when to call it. */
    description?: string | undefined;
    /** JSON Schema of its arguments. */
    parameters?: Record<string, unknown> | undefined;
    /** The arguments must follow the schema exactly. */
    strict?: boolean | undefined;
  };
}

/** Whether the model calls tools: it decides (`auto`), it must not, it must, or it must call this one. */
export type ToolChoice = "auto" | "none" | "required" | { type?: "function" | undefined; function: { name: string } };

/** Form of the response. */
export type ResponseFormat =
  | { type: "text" }
  | { type: "json_object" }
  | {
      type: "json_schema";
      json_schema: {
        name: string;
        description?: string | undefined;
        /** JSON Schema of the response. */
        schema?: Record<string, unknown> | undefined;
        /** The response must follow the schema exactly. */
        strict?: boolean | undefined;
      };
    };
