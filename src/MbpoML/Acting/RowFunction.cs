namespace MbpoML.Acting;

/// <summary>The action of a single observation, in plain numbers.</summary>
/// <param name="observation">[observation], environment units</param>
/// <param name="noise">[action], standard normal; empty for the most likely action.</param>
/// <param name="action">[action], filled in environment units</param>
internal delegate void RowFunction(ReadOnlySpan<float> observation, ReadOnlySpan<float> noise, Span<float> action);
