namespace MbpoML.Experiments.Studies;

/// <summary>
/// Proposes the trials of a study. The same arguments give the same proposal, so that a study that is resumed goes the way it would have gone.
/// </summary>
public interface IStudySampler
{
    /// <summary>How many trials are proposed before the results of any of them count; null where any number will do.</summary>
    /// <param name="parameters">The number of parameters of the study, at least 1.</param>
    int? Generation(int parameters) => null;

    /// <summary>Proposes the place of a trial in the space of parameters.</summary>
    /// <param name="space">The parameters of the study, in a fixed order.</param>
    /// <param name="trial">The number of the trial, from 0.</param>
    /// <param name="seed">The seed from which every draw follows.</param>
    /// <param name="observations">All trials of earlier generations, by number.</param>
    /// <returns>A number from 0 to 1 for each parameter.</returns>
    IReadOnlyList<double> Propose(IReadOnlyList<StudyParameter> space, int trial, int seed, IReadOnlyList<StudyObservation> observations);
}
