namespace TrainingService;

/// <summary>What the service is doing.</summary>
/// <param name="State">"starting", "training", "stopped", "failed" or "trained".</param>
/// <param name="Step">Real steps so far.</param>
/// <param name="PolicyStep">The step of the policy that is served.</param>
/// <param name="Return">The mean return of the last evaluation; null before the first.</param>
internal sealed record ServiceStatus(string State, int Step, int PolicyStep, double? Return);
