namespace MbpoML.Experiments.Reports;

/// <summary>What the seeds of a group reached around a step.</summary>
/// <param name="Mean">The mean over seeds of the mean of each seed's evaluations.</param>
/// <param name="Deviation">The sample's standard deviation over seeds; null of a single one.</param>
/// <param name="Seeds">How many seeds have evaluated on both sides of the step.</param>
/// <param name="Lowest">The lowest single evaluation of any of them.</param>
/// <param name="Evaluations">How many single evaluations there are.</param>
/// <param name="IsOneSided">Whether a run begins or ends so near that a part of its evaluations is missing.</param>
/// <param name="Seconds">Mean over seeds of the seconds of training by the step.</param>
internal sealed record WindowMean(double Mean, double? Deviation, int Seeds, double Lowest, int Evaluations, bool IsOneSided, double Seconds);
