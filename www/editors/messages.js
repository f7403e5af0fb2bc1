// The messages of a chat: a system prompt, turns of both sides, and images of this device.

import { fill, h } from "../dom.js";
import { icon } from "../icons.js";

const ROLES = ["system", "user", "assistant"];

export function messagesEditor(id) {
  let turns = [];
  const list = h("ol.turns");
  const element = h("div.stack.slim", {}, list,
    h("div.row", {},
      h("button.button.small", { type: "button", onClick: () => addTurn("user") }, icon("plus"), "Message"),
      h("button.button.small", { type: "button", onClick: () => addTurn("system") }, icon("plus"), "System prompt")));

  function addTurn(role) {
    const made = turn({ role, content: "" });
    if (role === "system") turns.unshift(made);
    else turns.push(made);
    show();
    made.box.focus();
    tell();
  }

  function tell() {
    list.dispatchEvent(new Event("input", { bubbles: true }));
  }

  function show() {
    fill(list, turns.map((one) => one.element));
  }

  function turn(message) {
    const role = h("select.input", { "aria-label": "Role" }, ROLES.map((name) => h("option", { value: name, selected: name === message.role }, name)));
    const box = h("textarea.input", { rows: 1, "aria-label": "Content of the message", value: textOf(message.content) });
    let images = imagesOf(message.content);
    const pictures = h("div.row");
    const picker = h("input", { type: "file", accept: "image/*", multiple: true, hidden: true, "data-local": "" });
    const attach = h("button.icon-button", { type: "button", "aria-label": "Attach images", onClick: () => picker.click() }, icon("image"));
    const showImages = () => fill(pictures, images.map((source) => h("span.thumb", {}, h("img", { src: source, alt: "Attached" }),
      h("button.icon-button", { type: "button", "aria-label": "Remove the image", onClick: () => {
        images = images.filter((other) => other !== source);
        showImages();
        tell();
      } }, icon("close")))));
    picker.addEventListener("change", async () => {
      images = [...images, ...(await Promise.all([...picker.files].map(dataUrl)))];
      picker.value = "";
      showImages();
      tell();
    });
    showImages();
    const made = { box, element: null, read };
    const remove = h("button.icon-button", { type: "button", "aria-label": "Remove the message", onClick: () => {
      turns = turns.filter((other) => other !== made);
      show();
      tell();
    } }, icon("trash"));
    made.element = h("li.turn", {}, h("div.turn-head", {}, role, h("span.grow"), picker, attach, remove), box, pictures);

    function read() {
      if (images.length === 0) return { ...message, role: role.value, content: box.value };
      const text = box.value === "" ? [] : [{ type: "text", text: box.value }];
      return { ...message, role: role.value, content: [...text, ...images.map((url) => ({ type: "image_url", image_url: { url } }))] };
    }
    return made;
  }

  return {
    element,
    get target() {
      return turns.at(-1)?.box ?? element.querySelector("button");
    },
    get: () => (turns.length === 0 ? undefined : turns.map(({ read }) => read())),
    set(value) {
      turns = (value ?? []).map(turn);
      show();
    },
    id,
  };
}

/** Whether the editor can show all of these messages. */
export function areSimple(messages) {
  if (messages === undefined) return true;
  return Array.isArray(messages) && messages.every((message) => ROLES.includes(message?.role) && isSimple(message.content));
}

function isSimple(content) {
  if (typeof content === "string") return true;
  if (!Array.isArray(content)) return false;
  const texts = content.filter(({ type }) => type === "text");
  return texts.length <= 1 && content.every((part) => (part.type === "text" && typeof part.text === "string") || (part.type === "image_url" && /^data:image\//.test(part.image_url?.url ?? "")));
}

function textOf(content) {
  return typeof content === "string" ? content : (content?.find(({ type }) => type === "text")?.text ?? "");
}

function imagesOf(content) {
  return Array.isArray(content) ? content.flatMap((part) => (part.type === "image_url" ? [part.image_url.url] : [])) : [];
}

function dataUrl(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
