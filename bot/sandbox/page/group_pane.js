// A group: the messages of several people and the bot, and whoever of them writes now.

import { make } from "./dom.js";
import { fullName } from "./message.js";
import { Pane } from "./pane.js";
import { say } from "./texts.js";

export class GroupPane extends Pane {
  drawHead() {
    const { info, members, hasBot } = this.world.chat(this.number);
    this.face.textContent = "#";
    this.title.textContent = info.title;
    this.title.title = info.title;
    const bot = hasBot ? "botInGroup" : "botNotInGroup";
    this.state.textContent = this.typing ? `${this.botName()} ${say("typing")}` : say(bot, { n: members.length });
    this.state.classList.toggle("typing", Boolean(this.typing));
    this.drawWriter(members);
  }

  /** Who writes: any member. */
  drawWriter(members) {
    const options = members.map((number) => make("option", { value: number, selected: number === this.writer },
      fullName(this.world.person(number)?.user ?? { first_name: String(number) })));
    const select = make("select", { "aria-label": say("writeAs"), onchange: () => this.writeAs(Number(select.value)) }, options);
    const node = make("label", { class: "writer" }, make("span", {}, say("writeAs")), select);
    if (this.chooser) this.chooser.replaceWith(node);
    else this.head.after(node);
    this.chooser = node;
  }

  /** Somebody else writes from now on; his messages stand on the right. */
  writeAs(number) {
    this.writer = number;
    this.drawAll();
  }

  moreItems() {
    const { hasBot } = this.world.chat(this.number);
    const name = hasBot ? "removes_bot" : "adds_bot";
    return [{ label: say(hasBot ? "removeBot" : "addBot"), run: () => this.acts.act(name, { chat_id: this.number }) }];
  }
}
