namespace MbpoML.Experiments.Studies;

/// <summary>What a study found: its best trial, and what that gives with seeds that had no part in the choice.</summary>
/// <param name="Trial">The number of the best trial, from 0.</param>
/// <param name="Assignments">The options of that trial, as in "Policy.LearningRate=0.001".</param>
/// <param name="Seeds">The seeds that had no part in the choice.</param>
/// <param name="Returns">What each of them reached: the mean of the evaluations in the last quarter of the steps.</param>
public sealed record StudyResult(int Trial, IReadOnlyList<string> Assignments, IReadOnlyList<int> Seeds, IReadOnlyList<double> Returns)
{
    /// <summary>The number to report: the mean over the fresh seeds.</summary>
    public double Mean => Returns.Average();

    /// <summary>The sample's standard deviation over the fresh seeds; 0 of a single one.</summary>
    public double Deviation => Reports.SeedSpread.Deviation(Returns);
}
