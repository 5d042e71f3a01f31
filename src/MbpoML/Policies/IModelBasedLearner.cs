namespace MbpoML.Policies;

/// <summary>A policy learner that may ask the dynamics model during its updates, beside the imagined transitions that it is given.</summary>
internal interface IModelBasedLearner
{
    /// <summary>Whether it does so, and must be given a model before its first update.</summary>
    bool NeedsModel { get; }

    /// <summary>Gives it the model.</summary>
    void UseModel(ImaginedStepFunction step);
}
