namespace MbpoML.Policies.TrustRegion;

/// <summary>How far a step goes and how it is looked for.</summary>
/// <param name="DivergenceBound">δ, the most mean divergence of a step, in nats.</param>
/// <param name="ConjugateGradientSteps">Products with the Fisher matrix a step.</param>
/// <param name="Damping">c, added to the diagonal of the Fisher matrix.</param>
/// <param name="FisherShare">The share of the rows that the Fisher matrix is the mean over.</param>
/// <param name="Backtracks">The most steps tried.</param>
internal sealed record TrustRegionSettings(double DivergenceBound, int ConjugateGradientSteps, double Damping, double FisherShare, int Backtracks);
