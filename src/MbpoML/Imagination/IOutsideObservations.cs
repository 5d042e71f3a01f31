using static TorchSharp.torch;

namespace MbpoML.Imagination;

/// <summary>The numbers of an observation that no model foretells, because they come from outside of the plant: set points, weather, demand.</summary>
internal interface IOutsideObservations
{
    /// <summary>Writes these numbers into what a model imagined; called once a step.</summary>
    /// <param name="observation">Before the step, [batch, observation].</param>
    /// <param name="next">After the step, [batch, observation]; changed in place.</param>
    void Apply(Tensor observation, Tensor next);
}
