using MbpoML.Imagination;

namespace MbpoML.Policies;

/// <summary>A policy learner that asks the dynamics model during its updates, beside what else it is given.</summary>
public interface IModelBasedLearner
{
    /// <summary>Whether it does so, and must be given a model before its first update.</summary>
    bool NeedsModel { get; }

    /// <summary>Gives it the task as the model imagines it.</summary>
    /// <param name="imagined">Imagines with the model as it is fitted at the time; before the first fit it throws.</param>
    void UseModel(ImaginedEnvironment imagined);
}
