// The frames of a film by their lengths, which need not be equal. Moments are in ms.

export class Frames {
  // `runs`: `100*600` are 600 frames of 100 ms; `70*2 60*1 70*2` come one after the other. Lengths
  // may have fractions, all of the film has none.
  constructor(runs) {
    let [first, from] = [0, 0];
    this.runs = runs.trim().split(/\s+/).map((run) => {
      const [length, count] = run.split("*").map(Number);
      const made = { length, count, first, from };
      first += count;
      from += length * count;
      return made;
    });
    this.count = first;
    this.lasts = Math.round(from);
  }

  static even(fps, lasts) {
    const length = 1000 / fps;
    return new Frames(`${length}*${Math.max(1, Math.ceil(lasts / length - 0.01))}`);
  }

  // Which frame is on screen, from 0. A player's clock is not exact to the last digit.
  at(ms) {
    const run = this.runs.findLast(({ from }) => from <= ms + 0.01) ?? this.runs[0];
    return run.first + Math.max(0, Math.min(run.count - 1, Math.floor((ms - run.from) / run.length + 0.01)));
  }

  begins(number) {
    const run = this.runOf(number);
    return run.from + (this.within(number) - run.first) * run.length;
  }

  lengthOf(number) { return this.runOf(number).length; }

  // So that the one before or after is never shown instead.
  middle(number) { return this.begins(number) + this.lengthOf(number) / 2; }

  // Where a shot that was planned to begin at `ms` begins on screen.
  entry(ms) { return this.middle(this.at(ms + this.lengthOf(this.at(ms)) / 2)); }

  within(number) { return Math.max(0, Math.min(number, this.count - 1)); }

  runOf(number) { return this.runs.findLast(({ first }) => first <= this.within(number)); }
}
