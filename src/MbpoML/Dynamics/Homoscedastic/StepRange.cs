namespace MbpoML.Dynamics.Homoscedastic;

/// <summary>Some optimizer steps of a fit.</summary>
/// <param name="First">The first of them, counted from 0 within the fit.</param>
/// <param name="Count">How many, at least 1.</param>
/// <param name="Total">The steps of the whole fit, which decide how fast the learning rates fall.</param>
internal readonly record struct StepRange(int First, int Count, int Total);
