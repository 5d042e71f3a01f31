namespace MbpoML.Benchmarks.Models;

/// <summary>What was measured at a fit.</summary>
/// <param name="Step">The real steps before it.</param>
/// <param name="NewRows">The mean squared error on the steps since the last fit, before they were learned from, in standard deviations.</param>
/// <param name="HeldOut">The mean squared error on rows that are never learned from, after the fit, in standard deviations.</param>
/// <param name="Likelihood">The mean negative log-likelihood of these rows.</param>
internal sealed record StreamFit(int Step, double NewRows, double HeldOut, double Likelihood);
