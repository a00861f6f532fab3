/** A list of numbers below 2^32 that grows, at four bytes each. */
export class Numbers {
  private room = new Uint32Array(1024);
  length = 0;

  push(value: number): void {
    if (this.length === this.room.length) {
      const larger = new Uint32Array(this.length * 2);
      larger.set(this.room);
      this.room = larger;
    }
    this.room[this.length] = value;
    this.length += 1;
  }

  at(position: number): number {
    return this.room[position]!;
  }

  values(): Uint32Array {
    return this.room.slice(0, this.length);
  }
}
